/*
 * fuzz.h - what a fuzz target is: one function, fed bytes.
 *
 * libFuzzer calls it (clang, STACKWARD_FUZZ); elsewhere driver.c does, with
 * the seeds and a fixed series of mutations of them, as a plain test.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Gives 0; aborts when a promise is broken. The name is libFuzzer's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif

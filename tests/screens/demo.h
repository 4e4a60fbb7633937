/*
 * demo.h - a course of five stages over traces built in a temporary folder:
 * always the same, whatever the machine. Screens are compared on it, and the
 * key fuzzer runs on it.
 *
 *   S0  10 allocs/op, a site of every verdict
 *   S1  7: the copied headers are gone
 *   S2  3 to 4: the tree is gone too; ops differ
 *   S3  1: what is left; a foreign name that must be made fit to print
 *   S4  failed
 */
#ifndef SCREENS_DEMO_H
#define SCREENS_DEMO_H

#include "tui/app.h"

struct demo; /* opaque */

/* Aborts when anything goes wrong. */
struct demo *demo_open(void);
void demo_close(struct demo *d);

/* Sets course and feed, or (is_plain) the feed of a trace without ops and
 * one with, no course. `has_note`: the feed has something to say. */
void demo_options(struct demo *d, bool is_plain, bool has_note,
                  struct app_options *options);

#endif

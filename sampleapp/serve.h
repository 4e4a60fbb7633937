/*
 * serve.h - a stage behind a real HTTP server, on 127.0.0.1 only.
 */
#ifndef SAMPLEAPP_SERVE_H
#define SAMPLEAPP_SERVE_H

#include "auth.h"

#include <stdbool.h>

/*
 * Serves until SIGTERM or SIGINT arrives. Prints "listening on
 * 127.0.0.1:PORT" on stdout once requests are answered; port 0 takes a free
 * one. False if the port can't be had, with errno set.
 */
bool serve_run(const struct auth_stage *stage, struct auth_middleware *mw,
               uint16_t port);

/* What to block before any thread starts: serve_run waits for these. */
void serve_block_signals(void);

#endif

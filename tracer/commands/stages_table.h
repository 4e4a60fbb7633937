/*
 * stages_table.h - the stages of a course as a table, or as JSON.
 */
#ifndef COMMANDS_STAGES_TABLE_H
#define COMMANDS_STAGES_TABLE_H

#include <stdio.h>

#include "analysis/course.h"
#include "base/err.h"
#include "tui/feed.h"

/* Reads the trace of each stage that the feed has ready. A stage that failed
 * is a row that says why. ERR_NO_MEMORY, ERR_IO. */
enum err_code stages_table_print(const struct course *c,
                                 const struct feed *feed, FILE *out,
                                 struct err *err) MUST_CHECK;

/* An array of objects: stage, name, title, ops, allocs_per_op, allocs_min,
 * allocs_max, exact, bytes_per_op, ns_per_op, recorded (false: a replayed
 * trace), note. Figures of a stage that failed are null. */
enum err_code stages_table_json(const struct course *c, const struct feed *feed,
                                FILE *out, struct err *err) MUST_CHECK;

#endif

/*
 * course_feed.h - records the stages of a course, one after another, and
 * times each without the tracer: the feed behind the explorer and the table.
 *
 * Each recording is a `stackward record` of its own, so that nothing that
 * happens to it can hurt whoever looks at its trace. Where tracing is not
 * permitted the recorded traces of the course take their place, and the
 * feed's note says why.
 */
#ifndef COMMANDS_COURSE_FEED_H
#define COMMANDS_COURSE_FEED_H

#include <stdbool.h>

#include "analysis/course.h"
#include "base/err.h"
#include "tui/feed.h"

struct course_feed; /* opaque */

/* The course is borrowed until course_feed_close. With `replay` nothing is
 * recorded. ERR_IO: no folder for the traces can be made; ERR_NO_MEMORY. */
enum err_code course_feed_open(const struct course *course, bool replay,
                               struct course_feed **out,
                               struct err *err) MUST_CHECK;

/* Borrowed until course_feed_close. */
const struct feed *course_feed_get(const struct course_feed *f);

/* Waits until every stage is ready or failed; says on stderr, when that is a
 * terminal, which one is being recorded. */
void course_feed_await(struct course_feed *f);

/* Ends what is running and removes the traces recorded here. Accepts NULL. */
void course_feed_close(struct course_feed *f);

#endif

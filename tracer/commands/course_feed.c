#include "commands/course_feed.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "commands/child.h"
#include "commands/places.h"
#include "engine/launch.h"

enum stage_step {
    STEP_WAITING,
    STEP_RECORD,
    STEP_BENCH,
    STEP_DONE,
    STEP_FAILED
};

struct feed_row {
    enum stage_step step;
    char *path;    /* of the trace; owned, NULL until known */
    char *program; /* of the stage; owned */
    double ns_per_op;
    char note[256];
};

struct course_feed {
    const struct course *course;
    struct feed feed;
    struct feed_row *rows;
    char note[384];
    char *self;         /* our executable */
    char *folder;       /* of the traces being recorded; NULL when replaying */
    struct child child; /* of the one stage under way */
    size_t current;     /* that stage; stage_count when all are done */
};

static size_t count_arguments(char *const *argv)
{
    size_t count = 0;

    while (argv != NULL && argv[count] != NULL)
        count++;
    return count;
}

static void start_record(struct course_feed *f, size_t stage)
{
    const struct course *c = f->course;
    struct feed_row *row = &f->rows[stage];
    char warmup[32];
    char *const head[] = { f->self,          "record", "--output",  row->path,
                           "--op",           c->op,    "--warmup",  warmup,
                           "--with-sources", "--",     row->program };
    size_t head_count = sizeof(head) / sizeof(head[0]);
    size_t tail_count = count_arguments(c->stages[stage].record);
    char **argv = calloc(head_count + tail_count + 1, sizeof(*argv));
    struct err err;

    row->step = STEP_FAILED;
    if (argv == NULL) {
        snprintf(row->note, sizeof(row->note), "out of memory");
        return;
    }
    snprintf(warmup, sizeof(warmup), "%llu", (unsigned long long)c->warmup);
    memcpy(argv, head, sizeof(head));
    memcpy(argv + head_count, c->stages[stage].record,
           tail_count * sizeof(*argv));
    if (child_start(&f->child, argv, STDERR_FILENO, &err) == ERR_OK)
        row->step = STEP_RECORD;
    else
        snprintf(row->note, sizeof(row->note), "%.250s", err.text);
    free(argv);
}

static void start_bench(struct course_feed *f, size_t stage)
{
    struct feed_row *row = &f->rows[stage];
    char *const *tail = f->course->stages[stage].bench;
    size_t tail_count = count_arguments(tail);
    char **argv = calloc(tail_count + 2, sizeof(*argv));
    struct err err;

    row->step = STEP_DONE; /* without a time, if need be */
    if (argv == NULL || tail_count == 0) {
        free(argv);
        return;
    }
    argv[0] = row->program;
    memcpy(argv + 1, tail, tail_count * sizeof(*argv));
    if (child_start(&f->child, argv, STDOUT_FILENO, &err) == ERR_OK)
        row->step = STEP_BENCH;
    free(argv);
}

/* The figure of a line in Go's benchmark format (golang.org/design/
 * 14313-benchmark-format): name, iterations, then pairs of value and unit. */
static double parse_ns_per_op(const char *text)
{
    const char *unit = strstr(text, " ns/op");
    const char *value = unit;

    if (unit == NULL)
        return 0;
    while (value > text && value[-1] != ' ' && value[-1] != '\t')
        value--;
    return strtod(value, NULL);
}

/* The last line of what the recorder said, without its name. */
static void take_note(struct feed_row *row, struct child *child, int status)
{
    static const char prefix[] = "stackward: ";
    char *end = child->text + child->size;
    char *line;

    while (end > child->text && end[-1] == '\n')
        *--end = '\0';
    line = strrchr(child->text, '\n');
    line = line == NULL ? child->text : line + 1;
    if (strncmp(line, prefix, sizeof(prefix) - 1) == 0)
        line += sizeof(prefix) - 1;
    if (*line == '\0')
        snprintf(row->note, sizeof(row->note),
                 "the recorder ended with status %d", status);
    else
        snprintf(row->note, sizeof(row->note), "%.250s", line);
}

static void drive(struct course_feed *f)
{
    struct feed_row *row;
    int status = 0;

    if (f->current == f->course->stage_count)
        return;
    row = &f->rows[f->current];
    switch (row->step) {
    case STEP_WAITING:
        start_record(f, f->current);
        return;
    case STEP_RECORD:
        if (!child_poll(&f->child, &status))
            return;
        if (status == 0) {
            start_bench(f, f->current);
            return;
        }
        take_note(row, &f->child, status);
        row->step = STEP_FAILED;
        return;
    case STEP_BENCH:
        if (!child_poll(&f->child, &status))
            return;
        if (status == 0)
            row->ns_per_op = parse_ns_per_op(f->child.text);
        row->step = STEP_DONE;
        return;
    case STEP_DONE:
    case STEP_FAILED:
        f->current++;
        return;
    }
}

static void poll_stage(void *ctx, size_t stage, struct feed_stage *out)
{
    static const enum feed_state states[] = {
        [STEP_WAITING] = FEED_WAITING, [STEP_RECORD] = FEED_RECORDING,
        [STEP_BENCH] = FEED_RECORDING, [STEP_DONE] = FEED_READY,
        [STEP_FAILED] = FEED_FAILED,
    };
    struct course_feed *f = ctx;
    const struct feed_row *row = &f->rows[stage];

    drive(f);
    *out = (struct feed_stage){
        .state = states[row->step],
        .path = row->step == STEP_WAITING ? NULL : row->path,
        .ns_per_op = row->ns_per_op,
        .note = row->note,
    };
}

static enum err_code make_folder(struct course_feed *f, struct err *err)
{
    const char *tmp = getenv("TMPDIR");

    if (asprintf(&f->folder, "%s/stackward-XXXXXX",
                 tmp != NULL && *tmp != '\0' ? tmp : "/tmp") < 0) {
        f->folder = NULL;
        return err_no_memory(err);
    }
    if (mkdtemp(f->folder) == NULL)
        return err_set(err, ERR_IO, "cannot make a folder like %s", f->folder);
    return ERR_OK;
}

/* One with a slash is seen from the course's folder. */
static enum err_code find_programs(struct course_feed *f, struct err *err)
{
    enum err_code rc = ERR_OK;

    for (size_t i = 0; i < f->course->stage_count && rc == ERR_OK; i++) {
        const char *own = f->course->stages[i].program;
        const char *name = own[0] == '\0' ? f->course->program : own;
        char **out = &f->rows[i].program;

        rc = strchr(name, '/') == NULL ? places_program(name, out, err)
                                       : course_path(f->course, name, out, err);
    }
    return rc;
}

static enum err_code name_traces(struct course_feed *f, struct err *err)
{
    const struct course *c = f->course;
    enum err_code rc = ERR_OK;

    for (size_t i = 0; i < c->stage_count && rc == ERR_OK; i++) {
        struct feed_row *row = &f->rows[i];

        if (f->folder == NULL) {
            rc = course_path(c, c->stages[i].trace, &row->path, err);
            row->step = STEP_DONE;
            if (rc == ERR_OK && access(row->path, R_OK) != 0) {
                row->step = STEP_FAILED;
                snprintf(row->note, sizeof(row->note),
                         "no recorded trace at %.200s", row->path);
            }
        } else if (asprintf(&row->path, "%s/stage%u.swt", f->folder,
                            c->stages[i].stage) < 0) {
            row->path = NULL;
            rc = err_no_memory(err);
        }
    }
    return rc;
}

enum err_code course_feed_open(const struct course *course, bool replay,
                               struct course_feed **out, struct err *err)
{
    struct course_feed *f = calloc(1, sizeof(*f));
    enum err_code rc;

    *out = NULL;
    if (f == NULL)
        return err_no_memory(err);
    f->course = course;
    f->child.fd = -1;
    f->rows = calloc(course->stage_count + 1, sizeof(*f->rows));
    if (f->rows == NULL) {
        rc = err_no_memory(err);
        goto out;
    }
    if (!replay && launch_check(err) != ERR_OK) {
        snprintf(f->note, sizeof(f->note), "%.250s; these are recorded traces",
                 err->text);
        replay = true;
    }
    rc = places_self(&f->self, err);
    if (rc == ERR_OK)
        rc = find_programs(f, err);
    if (rc == ERR_OK && !replay)
        rc = make_folder(f, err);
    if (rc == ERR_OK)
        rc = name_traces(f, err);
    if (rc != ERR_OK)
        goto out;
    f->feed =
        (struct feed){ f, course->stage_count, f->note, poll_stage, replay };
    *out = f;
    f = NULL;
out:
    course_feed_close(f);
    return rc;
}

const struct feed *course_feed_get(const struct course_feed *f)
{
    return &f->feed;
}

void course_feed_await(struct course_feed *f)
{
    const struct timespec pause = { 0, 10 * 1000 * 1000 };
    bool is_terminal = isatty(STDERR_FILENO) == 1;
    size_t shown = SIZE_MAX;

    while (f->current < f->course->stage_count) {
        if (is_terminal && shown != f->current && f->folder != NULL) {
            shown = f->current;
            fprintf(stderr, "\rrecording stage %u ...",
                    f->course->stages[shown].stage);
        }
        drive(f);
        if (f->child.pid > 0)
            nanosleep(&pause, NULL);
    }
    if (shown != SIZE_MAX)
        fputs("\r                        \r", stderr);
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

void course_feed_close(struct course_feed *f)
{
    if (f == NULL)
        return;
    child_stop(&f->child);
    for (size_t i = 0; f->rows != NULL && i < f->course->stage_count; i++) {
        free(f->rows[i].path);
        free(f->rows[i].program);
    }
    free(f->rows);
    if (f->folder != NULL)
        nftw(f->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(f->folder);
    free(f->self);
    free(f);
}

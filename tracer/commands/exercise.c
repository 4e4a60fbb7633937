#include "commands/exercise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "analysis/profile.h"
#include "analysis/verdict.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/text.h"
#include "commands/child.h"
#include "tui/view.h"

enum {
    SLICE_EVENTS = 200000, /* read at once */
    OUTPUT_MAX = 16 << 20, /* bytes a program may print */
    TRACE_MAX = 256 << 20,
};

struct exercise_run {
    const struct course_exercise *exercise;
    struct coach_result result;
    char *self, *source, *output;          /* owned */
    char *program, *trace, *printed, *log; /* in the folder; owned */
    struct child child;
    struct profile *profile;
    uint64_t since_s; /* when the child was started */
};

static uint64_t now_s(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec;
}

static void fail(struct exercise_run *run, enum coach_step step,
                 enum coach_trouble trouble, uint64_t number, uint64_t other)
{
    run->result.steps[step] = COACH_FAILED;
    run->result.trouble = trouble;
    run->result.number = number;
    run->result.other = other;
}

static void fail_told(struct exercise_run *run, enum coach_step step,
                      const char *text)
{
    fail(run, step, TROUBLE_TOLD, 0, 0);
    snprintf(run->result.want, sizeof(run->result.want), "%.*s",
             (int)sizeof(run->result.want) - 1, text);
}

/* The whole of a file, at most `max` bytes, and a NUL. */
static enum err_code read_file(const char *path, size_t max, struct buf *out,
                               struct err *err)
{
    FILE *fp = fopen(path, "rbe");
    size_t got = 1;
    enum err_code rc = ERR_OK;

    if (fp == NULL)
        return err_set(err, ERR_IO, "cannot open %.150s", path);
    while (rc == ERR_OK && got > 0 && out->size < max) {
        rc = buf_reserve(out, 65536, err);
        if (rc != ERR_OK)
            break;
        got = fread(out->data + out->size, 1, 65536, fp);
        out->size += got;
    }
    if (rc == ERR_OK && ferror(fp))
        rc = err_set(err, ERR_IO, "cannot read %.150s", path);
    fclose(fp); /* read-only: nothing buffered to lose */
    if (rc == ERR_OK)
        rc = buf_bytes(out, "", 1, err);
    if (rc == ERR_OK)
        out->size--;
    return rc;
}

static void copy_line(const char *from, char out[COACH_TEXT_MAX])
{
    snprintf(out, COACH_TEXT_MAX, "%.*s", (int)strcspn(from, "\n"), from);
}

/* A step failed; its log may say more than its status. What a person wants to
 * know first: the first line with "error" in
 * it, else the last of our recorder's, else the first. */
static void tell_log(struct exercise_run *run, enum coach_step step)
{
    static const char prefix[] = "stackward: ";
    struct buf log = { 0 };
    struct err err = { 0 };
    const char *line;
    const char *best;

    if (read_file(run->log, 65536, &log, &err) != ERR_OK) {
        fail_told(run, step, err.text);
        goto out;
    }
    best = line = (const char *)log.data;
    while (line != NULL && *line != '\0') {
        const char *end = strchr(line, '\n');
        const char *word = strstr(line, "error");

        if (strncmp(line, prefix, sizeof(prefix) - 1) == 0)
            best = line + sizeof(prefix) - 1;
        if (word != NULL && (end == NULL || word < end)) {
            best = line;
            break;
        }
        line = end == NULL ? NULL : end + 1;
    }
    copy_line(best, run->result.want);
    if (run->result.want[0] != '\0')
        run->result.trouble = TROUBLE_TOLD;
out:
    buf_fini(&log);
}

/* Points out the first line that differs. */
static void tell_difference(struct exercise_run *run, const struct buf *want,
                            const struct buf *got)
{
    const char *w = (const char *)want->data;
    const char *g = (const char *)got->data;
    size_t line = 0; /* where the current line starts */
    uint64_t number = 1;

    for (size_t i = 0; i < want->size && i < got->size && w[i] == g[i]; i++) {
        if (w[i] == '\n') {
            line = i + 1;
            number++;
        }
    }
    fail(run, COACH_OUTPUT, TROUBLE_DIFFERS, number, 0);
    copy_line(w + line, run->result.want);
    copy_line(g + line, run->result.got);
}

static void compare_output(struct exercise_run *run)
{
    struct buf want = { 0 };
    struct buf got = { 0 };
    struct err err = { 0 };
    enum err_code rc = read_file(run->output, OUTPUT_MAX, &want, &err);

    if (rc == ERR_OK)
        rc = read_file(run->printed, OUTPUT_MAX, &got, &err);
    if (rc != ERR_OK)
        fail_told(run, COACH_OUTPUT, err.text);
    else if (want.size != got.size ||
             memcmp(want.data, got.data, want.size) != 0)
        tell_difference(run, &want, &got);
    else
        run->result.steps[COACH_OUTPUT] = COACH_OK;
    buf_fini(&want);
    buf_fini(&got);
}

static void keep_sites(struct exercise_run *run, const struct site *sites,
                       size_t count)
{
    struct coach_result *r = &run->result;

    r->sites_in_all = count;
    for (size_t i = 0; i < count && i < COACH_SITES_MAX; i++) {
        struct coach_site *out = &r->sites[r->site_count++];
        const char *slash = strrchr(sites[i].file, '/');

        text_clean(sites[i].function, out->function, sizeof(out->function),
                   false);
        if (sites[i].file[0] != '\0')
            snprintf(out->place, sizeof(out->place), "%.60s:%u",
                     slash == NULL ? sites[i].file : slash + 1, sites[i].line);
        verdict_main_text(&sites[i].verdicts, out->verdict);
        out->allocs_per_op = sites[i].allocs_per_op;
    }
}

static void judge(struct exercise_run *run)
{
    struct coach_result *r = &run->result;
    const struct course_exercise *e = run->exercise;
    const struct site *sites;
    size_t count;
    struct op_summary ops;
    struct totals totals;
    uint64_t seen;
    struct err err = { 0 };

    if (profile_sites(run->profile, &sites, &count, &err) != ERR_OK) {
        fail_told(run, COACH_RECORD, err.text);
        return;
    }
    profile_ops(run->profile, &ops);
    profile_totals(run->profile, &totals);
    seen = ops.count + ops.warmup + ops.cut;
    if (seen != e->ops || ops.cut > 0 || ops.count == 0) {
        fail(run, COACH_RECORD, TROUBLE_OPS, seen - ops.cut, e->ops);
        return;
    }
    r->steps[COACH_RECORD] = COACH_OK;
    r->has_figures = true;
    r->ops = ops.count;
    r->allocs_median = ops.allocs.median;
    r->allocs_max = ops.allocs.max;
    keep_sites(run, sites, count);
    if (totals.live_blocks > 0) {
        fail(run, COACH_LEAKS, TROUBLE_LEAKS, totals.live_blocks,
             totals.live_bytes);
        return;
    }
    r->steps[COACH_LEAKS] = COACH_OK;
    if (ops.allocs.max > e->goal)
        fail(run, COACH_ALLOCS, TROUBLE_TOO_MANY, ops.allocs.max, e->goal);
    else
        r->steps[COACH_ALLOCS] = COACH_OK;
}

/* A slice at a time. True while there is more to read. */
static bool read_trace(struct exercise_run *run)
{
    struct err err = { 0 };
    enum err_code rc = ERR_OK;

    if (run->profile == NULL)
        rc = profile_open(run->trace, &run->profile, &err);
    if (rc == ERR_OK)
        rc = profile_advance(run->profile, SLICE_EVENTS, &err);
    if (rc == ERR_OK)
        return true;
    if (rc != ERR_NOT_FOUND)
        fail_told(run, COACH_RECORD, err.text);
    else if (!profile_is_sealed(run->profile))
        fail_told(run, COACH_RECORD, profile_damage(run->profile));
    else
        judge(run);
    return false;
}

static const char *fill_in(const struct exercise_run *run, const char *arg)
{
    if (strcmp(arg, "{source}") == 0)
        return run->source;
    return strcmp(arg, "{program}") == 0 ? run->program : arg;
}

/* The head, then the command with its places filled in. NULL: no memory. The
 * caller frees the list, not its strings. */
static char **make_argv(const struct exercise_run *run, const char *const *head,
                        size_t head_count, char *const *command)
{
    size_t count = 0;
    char **argv;

    while (command[count] != NULL)
        count++;
    argv = calloc(head_count + count + 1, sizeof(*argv));
    if (argv == NULL)
        return NULL;
    for (size_t i = 0; i < head_count; i++)
        argv[i] = (char *)head[i]; /* execvp(3) does not change them */
    for (size_t i = 0; i < count; i++)
        argv[head_count + i] = (char *)fill_in(run, command[i]);
    return argv;
}

static void start(struct exercise_run *run, enum coach_step step)
{
    char warmup[24];
    const char *const head[] = {
        run->self, "record",          "--force",  "-o",   run->trace,
        "--op",    run->exercise->op, "--warmup", warmup, "--kill-on-exit",
        "--"
    };
    bool records = step == COACH_RECORD;
    const struct child_file file = {
        .path = step == COACH_OUTPUT ? run->printed : run->log,
        .has_out = step != COACH_RECORD,
        .has_err = step != COACH_OUTPUT,
        .max_bytes = records ? TRACE_MAX : OUTPUT_MAX,
    };
    struct err err = { 0 };
    char **argv = make_argv(run, head, records ? ARRAY_LEN(head) : 0,
                            step == COACH_BUILD ? run->exercise->build
                                                : run->exercise->run);

    snprintf(warmup, sizeof(warmup), "%llu",
             (unsigned long long)run->exercise->warmup);
    run->result.steps[step] = COACH_RUNNING;
    run->since_s = now_s();
    if (argv == NULL)
        fail_told(run, step, "out of memory");
    else if (child_start_file(&run->child, argv, &file, &err) != ERR_OK)
        fail_told(run, step, err.text);
    free(argv);
}

/* The child of a step has ended. */
static void finish(struct exercise_run *run, enum coach_step step, int status)
{
    bool is_ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;

    if (is_ok && step == COACH_BUILD) {
        run->result.steps[step] = COACH_OK;
        start(run, COACH_OUTPUT);
    } else if (is_ok && step == COACH_OUTPUT) {
        compare_output(run);
        if (run->result.steps[step] == COACH_OK)
            start(run, COACH_RECORD);
    } else if (WIFSIGNALED(status)) {
        fail(run, step, TROUBLE_SIGNAL, (uint64_t)WTERMSIG(status), 0);
    } else if (!is_ok) {
        fail(run, step, TROUBLE_STATUS, (uint64_t)WEXITSTATUS(status), 0);
        if (step != COACH_OUTPUT)
            tell_log(run, step);
    }
}

static enum coach_step current_step(const struct coach_result *r)
{
    int step = 0;

    while (step < COACH_STEP_COUNT && r->steps[step] != COACH_RUNNING)
        step++;
    return (enum coach_step)step;
}

bool exercise_poll(struct exercise_run *run, struct coach_result *result)
{
    /* clang-format off */
    static const uint64_t limits_s[COACH_STEP_COUNT] = {
        [COACH_BUILD] = 60, [COACH_OUTPUT] = 10, [COACH_RECORD] = 60,
    };
    /* clang-format on */
    enum coach_step step = current_step(&run->result);
    bool is_child = run->child.pid > 0;
    int status = 0;

    if (step < COACH_STEP_COUNT && is_child) {
        if (child_poll(&run->child, &status)) {
            finish(run, step, status);
        } else if (now_s() - run->since_s > limits_s[step]) {
            child_kill(&run->child);
            fail(run, step, TROUBLE_TIMEOUT, limits_s[step], 0);
        }
    } else if (step == COACH_RECORD) {
        read_trace(run);
    }
    *result = run->result;
    return current_step(&run->result) == COACH_STEP_COUNT;
}

static enum err_code join(const char *folder, const char *name, char **out,
                          struct err *err)
{
    if (asprintf(out, "%s/%s", folder, name) >= 0)
        return ERR_OK;
    *out = NULL;
    return err_no_memory(err);
}

static enum err_code copy(const char *text, char **out, struct err *err)
{
    *out = strdup(text);
    return *out == NULL ? err_no_memory(err) : ERR_OK;
}

enum err_code exercise_begin(const struct course_exercise *exercise,
                             const struct exercise_paths *paths,
                             struct exercise_run **out, struct err *err)
{
    struct exercise_run *run = calloc(1, sizeof(*run));
    enum err_code rc;

    *out = NULL;
    if (run == NULL)
        return err_no_memory(err);
    run->exercise = exercise;
    run->child.fd = -1;
    rc = copy(paths->self, &run->self, err);
    if (rc == ERR_OK)
        rc = copy(paths->source, &run->source, err);
    if (rc == ERR_OK)
        rc = copy(paths->output, &run->output, err);
    if (rc == ERR_OK)
        rc = join(paths->folder, "program", &run->program, err);
    if (rc == ERR_OK)
        rc = join(paths->folder, "trace.swt", &run->trace, err);
    if (rc == ERR_OK)
        rc = join(paths->folder, "printed.txt", &run->printed, err);
    if (rc == ERR_OK)
        rc = join(paths->folder, "said.txt", &run->log, err);
    if (rc != ERR_OK) {
        exercise_end(run);
        return rc;
    }
    start(run, COACH_BUILD);
    *out = run;
    return ERR_OK;
}

void exercise_end(struct exercise_run *run)
{
    if (run == NULL)
        return;
    child_kill(&run->child);
    profile_close(run->profile);
    free(run->self);
    free(run->source);
    free(run->output);
    free(run->program);
    free(run->trace);
    free(run->printed);
    free(run->log);
    free(run);
}

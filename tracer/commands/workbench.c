#include "commands/workbench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "commands/exercise.h"
#include "commands/places.h"

enum { FILE_MAX = 1 << 20 };

/* What tells that a file was saved. */
struct stamp {
    struct timespec changed;
    off_t size;
};

struct place {
    struct coach_desk desk;
    char *folder;             /* owned */
    char *path;               /* of the copy; owned */
    char *passed;             /* of the mark; owned */
    struct exercise_run *run; /* NULL: none under way */
    struct stamp ran;         /* the file as it was run last */
    bool has_run;
};

struct workbench {
    const struct course *course;
    struct coach coach;
    struct place *places; /* coach.count; owned */
    char *self;
    char *solution; /* the text given last; owned */
};

/* A text file as a string; longer ones are refused. */
static enum err_code read_text(const char *path, char **out, struct err *err)
{
    struct buf text = { 0 };
    FILE *fp = fopen(path, "re");
    enum err_code rc;

    *out = NULL;
    if (fp == NULL)
        return err_set(err, ERR_IO, "cannot open %.150s", path);
    rc = buf_reserve(&text, FILE_MAX + 1, err);
    if (rc == ERR_OK) {
        text.size = fread(text.data, 1, FILE_MAX + 1, fp);
        if (ferror(fp) || text.size > FILE_MAX)
            rc = err_set(err, ERR_IO, "cannot read %.150s, or it is too long",
                         path);
    }
    fclose(fp); /* read-only: nothing buffered to lose */
    if (rc == ERR_OK) {
        text.data[text.size] = '\0';
        *out = (char *)text.data; /* takes the memory over */
    } else {
        buf_fini(&text);
    }
    return rc;
}

/* Written beside it and moved there: an editor never sees a part. */
static enum err_code write_text(const char *path, const char *text,
                                struct err *err)
{
    char *beside = NULL;
    FILE *fp = NULL;
    bool is_written;
    enum err_code rc = ERR_OK;

    if (asprintf(&beside, "%s.new", path) < 0)
        return err_no_memory(err);
    fp = fopen(beside, "we");
    is_written = fp != NULL && fputs(text, fp) >= 0;
    if (fp != NULL && fclose(fp) != 0)
        is_written = false;
    if (!is_written || rename(beside, path) != 0) {
        rc = err_set(err, ERR_IO, "cannot write %.150s", path);
        unlink(beside);
    }
    free(beside);
    return rc;
}

static bool stamp_of(const char *path, struct stamp *out)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return false;
    *out = (struct stamp){ st.st_mtim, st.st_size };
    return true;
}

static bool stamp_equal(const struct stamp *a, const struct stamp *b)
{
    return a->changed.tv_sec == b->changed.tv_sec &&
           a->changed.tv_nsec == b->changed.tv_nsec && a->size == b->size;
}

static enum err_code ship(struct workbench *b, struct place *p, struct err *err)
{
    char *from = NULL;
    char *text = NULL;
    enum err_code rc =
        course_path(b->course, p->desk.exercise->source, &from, err);

    if (rc == ERR_OK)
        rc = places_make_folders(p->folder, err);
    if (rc == ERR_OK)
        rc = read_text(from, &text, err);
    if (rc == ERR_OK)
        rc = write_text(p->path, text, err);
    free(from);
    free(text);
    return rc;
}

static enum err_code prepare(void *ctx, size_t exercise, struct err *err)
{
    struct workbench *b = ctx;
    struct place *p = &b->places[exercise];
    enum err_code rc = ERR_OK;

    if (access(p->path, F_OK) != 0)
        rc = ship(b, p, err);
    /* From now on a file that is saved is run. */
    if (rc == ERR_OK && !p->has_run)
        p->has_run = stamp_of(p->path, &p->ran);
    return rc;
}

static enum err_code run(void *ctx, size_t exercise, struct err *err)
{
    struct workbench *b = ctx;
    struct place *p = &b->places[exercise];
    char *output = NULL;
    enum err_code rc;

    if (p->run != NULL)
        return ERR_OK;
    rc = prepare(ctx, exercise, err);
    if (rc == ERR_OK)
        rc = course_path(b->course, p->desk.exercise->output, &output, err);
    if (rc != ERR_OK)
        return rc;
    p->has_run = stamp_of(p->path, &p->ran);
    rc = exercise_begin(
        p->desk.exercise,
        &(struct exercise_paths){ b->self, p->path, output, p->folder },
        &p->run, err);
    p->desk.is_running = rc == ERR_OK;
    free(output);
    return rc;
}

static enum err_code reset(void *ctx, size_t exercise, struct err *err)
{
    struct workbench *b = ctx;
    struct place *p = &b->places[exercise];
    enum err_code rc;

    exercise_end(p->run);
    p->run = NULL;
    p->desk.is_running = false;
    p->desk.last = (struct coach_result){ .site_count = 0 };
    rc = ship(b, p, err);
    p->has_run = rc == ERR_OK && stamp_of(p->path, &p->ran);
    return rc;
}

static void end_run(struct place *p)
{
    FILE *fp;

    exercise_end(p->run);
    p->run = NULL;
    p->desk.is_running = false;
    p->desk.runs++;
    if (!coach_is_passed(&p->desk.last))
        return;
    p->desk.has_passed = true;
    fp = fopen(p->passed, "we");
    if (fp != NULL)
        fclose(fp); /* if it cannot be kept, it holds for this session */
}

static const struct coach_desk *look(void *ctx, size_t exercise)
{
    struct workbench *b = ctx;
    struct place *p = &b->places[exercise];
    struct stamp now;
    struct err err;

    if (p->run != NULL) {
        if (exercise_poll(p->run, &p->desk.last))
            end_run(p);
    } else if (p->has_run && stamp_of(p->path, &now) &&
               !stamp_equal(&now, &p->ran) &&
               run(ctx, exercise, &err) != ERR_OK) {
        p->has_run = false; /* `r` will say why */
    }
    return &p->desk;
}

static const char *solution(void *ctx, size_t exercise)
{
    struct workbench *b = ctx;
    const struct place *p = &b->places[exercise];
    char *path = NULL;
    struct err err;

    free(b->solution);
    b->solution = NULL;
    if (p->desk.has_passed &&
        course_path(b->course, p->desk.exercise->solution, &path, &err) ==
            ERR_OK &&
        read_text(path, &b->solution, &err) != ERR_OK)
        b->solution = NULL;
    free(path);
    return b->solution;
}

static enum err_code open_place(struct place *p, const char *folder,
                                const struct course_exercise *e, size_t stage,
                                struct err *err)
{
    const char *slash = strrchr(e->source, '/');
    const char *file = slash == NULL ? e->source : slash + 1;

    p->desk = (struct coach_desk){ .exercise = e, .stage = stage };
    if (asprintf(&p->folder, "%s/%s", folder, e->name) < 0) {
        p->folder = NULL;
        return err_no_memory(err);
    }
    if (asprintf(&p->path, "%s/%s", p->folder, file) < 0) {
        p->path = NULL;
        return err_no_memory(err);
    }
    if (asprintf(&p->passed, "%s/passed", p->folder) < 0) {
        p->passed = NULL;
        return err_no_memory(err);
    }
    p->desk.path = p->path;
    p->desk.has_passed = access(p->passed, F_OK) == 0;
    /* What was begun in an earlier session is run when it is saved. */
    p->has_run = stamp_of(p->path, &p->ran);
    return ERR_OK;
}

static enum err_code open_places(struct workbench *b, const char *folder,
                                 struct err *err)
{
    const struct course *c = b->course;
    size_t count = 0;

    for (size_t i = 0; i < c->stage_count; i++)
        count += c->stages[i].exercise_count;
    b->places = calloc(count + 1, sizeof(*b->places));
    if (b->places == NULL)
        return err_no_memory(err);
    b->coach = (struct coach){ .ctx = b,
                               .look = look,
                               .prepare = prepare,
                               .run = run,
                               .reset = reset,
                               .solution = solution };
    for (size_t i = 0; i < c->stage_count; i++) {
        for (size_t j = 0; j < c->stages[i].exercise_count; j++) {
            enum err_code rc = open_place(&b->places[b->coach.count++], folder,
                                          &c->stages[i].exercises[j], i, err);

            if (rc != ERR_OK)
                return rc;
        }
    }
    return ERR_OK;
}

enum err_code workbench_open(const struct course *course, const char *folder,
                             struct workbench **out, struct err *err)
{
    struct workbench *b = calloc(1, sizeof(*b));
    char *own = NULL;
    enum err_code rc;

    *out = NULL;
    if (b == NULL)
        return err_no_memory(err);
    b->course = course;
    rc = places_self(&b->self, err);
    if (rc == ERR_OK && folder == NULL)
        rc = places_state(&own, err);
    if (rc == ERR_OK)
        rc = open_places(b, folder == NULL ? own : folder, err);
    if (rc == ERR_OK) {
        *out = b;
        b = NULL;
    }
    free(own);
    workbench_close(b);
    return rc;
}

const struct coach *workbench_coach(const struct workbench *b)
{
    return &b->coach;
}

void workbench_close(struct workbench *b)
{
    if (b == NULL)
        return;
    for (size_t i = 0; i < b->coach.count; i++) {
        exercise_end(b->places[i].run);
        free(b->places[i].folder);
        free(b->places[i].path);
        free(b->places[i].passed);
    }
    free(b->places);
    free(b->self);
    free(b->solution);
    free(b);
}

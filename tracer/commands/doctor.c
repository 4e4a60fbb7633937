/*
 * doctor.c - stackward doctor: what can be traced here, and what to do about
 * what cannot.
 */
#include <argp.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/places.h"
#include "engine/launch.h"
#include "engine/ptrace_calls.h"
#include "symbols/image.h"
#include "symbols/maps.h"

struct finding {
    bool is_good;
    char what[256];   /* what was found */
    char remedy[256]; /* what to do; "" when nothing is to be done */
};

static void find_tracing(struct finding *f)
{
    struct err err;

    f->is_good = launch_check(&err) == ERR_OK;
    if (f->is_good) {
        snprintf(f->what, sizeof(f->what), "programs can be run and traced");
        return;
    }
    snprintf(f->what, sizeof(f->what), "%.250s", err.text);
    snprintf(f->remedy, sizeof(f->remedy),
             "recorded traces can still be viewed: stackward --replay, "
             "stackward view FILE");
}

static void find_memory(struct finding *f)
{
    static const int probe = 42;
    int copy = 0;

    f->is_good = tracee_read(getpid(), (tracee_addr)(uintptr_t)&probe, &copy,
                             sizeof(copy)) == sizeof(copy) &&
                 copy == probe;
    snprintf(f->what, sizeof(f->what), "process_vm_readv(2) %s",
             f->is_good ? "works" : "is not permitted or not in this kernel");
    if (!f->is_good)
        snprintf(f->remedy, sizeof(f->remedy),
                 "allow it in the seccomp profile, or use a kernel with "
                 "CONFIG_CROSS_MEMORY_ATTACH");
}

static void find_machine(struct finding *f)
{
    struct utsname uts;

    f->is_good = uname(&uts) == 0 && strcmp(uts.machine, "x86_64") == 0;
    snprintf(f->what, sizeof(f->what), "%s %s on %s, %ld processors",
             uts.sysname, uts.release, uts.machine,
             sysconf(_SC_NPROCESSORS_ONLN));
    if (!f->is_good)
        snprintf(f->remedy, sizeof(f->remedy),
                 "the breakpoint engine knows x86_64 only, so far");
}

/* The C library as this very process maps it. */
static void find_libc(struct finding *f)
{
    struct maps maps = { 0 };
    struct image *img = NULL;
    struct err err;

    f->is_good = true;
    snprintf(f->what, sizeof(f->what), "the C library was not found");
    if (maps_read(getpid(), &maps, &err) != ERR_OK)
        return;
    for (size_t i = 0; i < maps.count && img == NULL; i++)
        if (strstr(maps.entries[i].path, "/libc.so") != NULL &&
            image_open(maps.entries[i].path, &img, &err) != ERR_OK)
            img = NULL;
    if (img != NULL)
        snprintf(f->what, sizeof(f->what), "%s %s", image_path(img),
                 image_debug_path(img) != NULL
                     ? "has debug information: its frames have lines"
                     : "is stripped: its frames have names, no lines");
    image_close(img);
    maps_fini(&maps);
}

static void find_terminal(struct finding *f)
{
    const char *term = getenv("TERM");

    f->is_good =
        isatty(STDOUT_FILENO) == 1 && term != NULL && strcmp(term, "dumb") != 0;
    snprintf(f->what, sizeof(f->what), "%s, TERM=%s, %s",
             isatty(STDOUT_FILENO) == 1 ? "a terminal" : "no terminal",
             term != NULL ? term : "(unset)", nl_langinfo(CODESET));
    if (!f->is_good)
        snprintf(f->remedy, sizeof(f->remedy),
                 "the explorer needs one; `stackward stages` and `stackward "
                 "report` do not");
}

static void find_course(struct finding *f)
{
    char *path = NULL;
    struct err err;

    f->is_good =
        places_course(&path, &err) == ERR_OK && access(path, R_OK) == 0;
    snprintf(f->what, sizeof(f->what), "the course is %s%.200s",
             f->is_good ? "" : "missing: ", path != NULL ? path : "");
    if (!f->is_good)
        snprintf(f->remedy, sizeof(f->remedy),
                 "install it beside the program: share/stackward/course.json");
    free(path);
}

/* clang-format off */
static const struct check {
    const char *name;
    void (*find)(struct finding *f);
    bool is_needed; /* for recording: else a finding does not fail */
} checks[] = {
    { "machine",  find_machine,  true },
    { "tracing",  find_tracing,  true },
    { "memory",   find_memory,   true },
    { "symbols",  find_libc,     false },
    { "terminal", find_terminal, false },
    { "course",   find_course,   false },
};
/* clang-format on */

static const struct argp parser = {
    .doc = "Says what can be traced here, and what to do about what cannot."
           "\vExits with 1 when programs cannot be recorded.",
};

static int run(int argc, char **argv)
{
    int status = EXIT_DONE;

    setlocale(LC_ALL, "");
    argp_parse(&parser, argc, argv, 0, NULL, NULL);
    for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
        struct finding f = { .is_good = false };

        checks[i].find(&f);
        printf("%-4s %-9s %s\n",
               f.is_good             ? "ok"
               : checks[i].is_needed ? "NO"
                                     : "note",
               checks[i].name, f.what);
        if (f.remedy[0] != '\0')
            printf("%-14s %s\n", "", f.remedy);
        if (!f.is_good && checks[i].is_needed)
            status = EXIT_FAILED;
    }
    return status;
}

const struct command command_doctor = {
    .name = "doctor",
    .summary = "what can be traced here, and what to do about the rest",
    .run = run,
};

/*
 * story.h - what the explorer shows: one profile per stage, and what changed
 * from each stage to the next.
 *
 * Filled a slice at a time from the files a feed names, whole or still
 * growing. Views read it and never open a file. Pointers in it stay valid
 * until the next story_poll.
 */
#ifndef TUI_STORY_H
#define TUI_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/course.h"
#include "analysis/profile.h"
#include "base/err.h"
#include "tui/feed.h"

/* All sites with one key, in one stage against the stage before. */
struct change {
    const struct site *site; /* the biggest of them; of the stage before when
                                none is left */
    bool is_gone;            /* none is left */
    bool is_new;             /* there was none */
    double allocs_before, allocs_now; /* per op; in all without ops */
    double bytes_before, bytes_now;
};

struct stage {
    uint32_t number;                   /* as shown: S0, S1, ... */
    const char *name;                  /* short; foreign */
    const struct course_stage *lesson; /* NULL: no course */
    uint64_t ops_wanted;               /* to be recorded; 0 unknown */
    enum feed_state state;
    bool is_whole;    /* nothing more will be read */
    double ns_per_op; /* untraced; 0 unknown */
    char note[256];   /* one line about this stage, or "" */
    struct op_summary ops;
    struct totals totals;
    struct ledger ledger;
    bool has_ledger;
    const struct site *sites; /* most allocations first; borrowed */
    size_t site_count;
    const struct stack_cost *stacks; /* the same sites by stack; borrowed */
    size_t stack_count;
    struct change *changes; /* what shrank most comes first; owned */
    size_t change_count;
    struct profile *profile; /* owned; NULL until there is a file */
    char *path;              /* that file's; owned */
};

struct story {
    struct stage *stages;
    size_t count;      /* at least 1 */
    const char *note;  /* about all of them, or "" */
    const char *title; /* of a course in English, or "" */
    const struct feed *feed;
    uint64_t version; /* grows whenever something to be seen changes */
};

/* Makes a story of the feed's stages, nothing read yet. `course` or `titles`
 * name them; both may be NULL. All are borrowed until story_fini.
 * ERR_USAGE: a feed without stages. ERR_NO_MEMORY. */
enum err_code story_init(struct story *story, const struct feed *feed,
                         const struct course *course, const char *const *titles,
                         struct err *err) MUST_CHECK;
void story_fini(struct story *story);

/*
 * Asks the feed how far each stage is and reads up to `max_events` of each
 * stage. *busy: calling again is worth while, now or soon. A trace that
 * cannot be read is that stage's note, not a failure. ERR_NO_MEMORY.
 */
enum err_code story_poll(struct story *story, uint64_t max_events, bool *busy,
                         struct err *err) MUST_CHECK;

/* Finds what changed into `stage` from the stage before it. ERR_NO_MEMORY
 * leaves no changes. story_poll calls it; so do tests that fill the stages
 * themselves. */
enum err_code story_compare(struct story *story, size_t stage,
                            struct err *err) MUST_CHECK;

/* Whether the stage has figures to show. */
bool stage_has_data(const struct stage *s);

/* Allocations per op (the median), or in the whole run without ops. */
double stage_allocs(const struct stage *s);
double stage_bytes(const struct stage *s);

/* Of one site: the average per op, or in the whole run without ops. */
double stage_site_allocs(const struct stage *s, const struct site *site);
double stage_site_bytes(const struct stage *s, const struct site *site);

/* Of all sites with this key; 0 when there is none. */
double stage_key_allocs(const struct stage *s, uint64_t key);

/* Share of the stage's counted blocks that outlived their makers. */
double stage_share_outliving(const struct stage *s);

/*
 * The functions that led to a site, itself first, up to the op's: at most
 * `max` names into `out` (each `NAME_SHORT` bytes, fit to print). Gives how
 * many; *more whether there were others.
 */
enum { NAME_SHORT = 80 };
size_t stage_calls(const struct stage *s, const struct site *site,
                   char (*out)[NAME_SHORT], size_t max, bool *more);

/* A foreign name fit to print, cut to `NAME_SHORT` bytes with "...". */
const char *name_short(const char *name, char out[NAME_SHORT]);

/* "auth.c:142", or "" when the file is not known. */
const char *site_place(const struct site *site, char out[NAME_SHORT]);

#endif

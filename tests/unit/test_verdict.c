#include "analysis/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/profile.h"
#include "support/temp_file.h"
#include "support/trace_builder.h"

enum { OP = 1, MAKER = 100, FIRST_BLOCK = 0x1000 };

/* How a block of a case is freed. */
enum how {
    IN_OP,     /* by the thread that made it */
    AFTER_OP,  /* by the same thread */
    ELSEWHERE, /* by another thread, in the same op */
    NEVER,
};

/* clang-format off */
static const struct verdict_case {
    const char *what;
    bool has_op;       /* "main serve" is one; else the whole run */
    bool is_watched;
    const char *made;  /* calls as in trace_builder.h */
    const char *freed;
    int hops;          /* EV_RETURNs in between */
    bool op_owns;      /* the last one hands the block to the op's frame */
    enum how how;
    const char *want;  /* letter, frames, "?" when at most; owner */
    const char *owner;
} cases[] = {
    { "freed by its maker",
      true, true, "main serve f", "main serve f:9", 0, false, IN_OP,
      "T", "f" },
    { "freed one up",
      true, true, "main serve g f", "main serve g:9", 1, false, IN_OP,
      "U1", "g" },
    { "freed by a callee of the owner",
      true, true, "main serve g f", "main serve g:9 drop", 1, false, IN_OP,
      "U1", "g" },
    { "freed two up",
      true, true, "main serve h g f", "main serve h:9", 2, false, IN_OP,
      "U2", "h" },
    { "freed in the op's own frame",
      true, true, "main serve g f", "main serve:9", 2, true, IN_OP,
      "O0", "serve" },
    { "made and freed by the op function itself",
      true, true, "main serve", "main serve:9", 0, true, IN_OP,
      "T", "serve" },
    { "freed after the op",
      true, true, "main serve f", "main", 2, false, AFTER_OP,
      "C0", "" },
    { "freed by another thread",
      true, true, "main serve f", "worker", 0, false, ELSEWHERE,
      "C0", "" },
    { "never freed",
      true, true, "main serve f", "", 2, false, NEVER,
      "L0", "" },
    { "the runtime's frames are not the site, but count above it",
      true, true, "main serve @qsort f @strdup @malloc",
      "main serve:9", 2, true, IN_OP,
      "O0", "serve" },
    { "recursion: each run is one level",
      true, true, "main serve f:1 f:1 f:1 f", "main serve f:1 f:1 f:2",
      1, false, IN_OP,
      "U1", "f" },
    { "recursion: freed by the outermost run",
      true, true, "main serve f:1 f:1 f:1 f", "main serve f:2",
      3, false, IN_OP,
      "U3", "f" },
    { "more than eight levels",
      true, true, "main serve a b c d e f g h i j", "main serve a:9",
      9, false, IN_OP,
      "U9", "a" },

    { "inlined maker still there",
      true, true, "main serve f<g:5", "main serve f:7<g:5", 0, false, IN_OP,
      "T", "f" },
    { "inlined maker gone, its function still there",
      true, true, "main serve f<g:5", "main serve g:8", 0, false, IN_OP,
      "U1", "g" },
    { "inlined maker called again, from another line",
      true, true, "main serve f<g:5", "main serve f<g:6", 0, false, IN_OP,
      "U1", "g" },
    { "another inlined call from the same line",
      true, true, "main serve f<g:5", "main serve e<g:5", 0, false, IN_OP,
      "U1", "g" },
    { "two inlined calls, the outer one still there",
      true, true, "main serve f<g:5<h:3", "main serve g:6<h:3",
      0, false, IN_OP,
      "U1", "g" },
    { "two inlined calls, both gone",
      true, true, "main serve f<g:5<h:3", "main serve h:9", 0, false, IN_OP,
      "U2", "h" },
    { "inlined calls count below the owner too",
      true, true, "main serve h f<g:5", "main serve h:9", 1, false, IN_OP,
      "U2", "h" },
    { "an inlined call of the owner is still there",
      true, true, "main serve i:4<h:3 f<g:5", "main serve i:5<h:3",
      1, false, IN_OP,
      "U2", "i" },
    { "an inlined call of the owner is gone",
      true, true, "main serve i:4<h:3 f<g:5", "main serve h:5",
      1, false, IN_OP,
      "U3", "h" },
    { "a call inlined into the op is below the op",
      true, true, "main i:4<serve:3 f", "main i:5<serve:3",
      1, true, IN_OP,
      "U1", "i" },
    { "a call inlined into the op is gone",
      true, true, "main i:4<serve:3 f", "main serve:5", 1, true, IN_OP,
      "O0", "serve" },
    { "the op's own block, made by a call inlined into it",
      true, true, "main f<serve:3", "main serve:5", 0, true, IN_OP,
      "O0", "serve" },

    { "whole run: freed by main",
      false, true, "main g f", "main:9", 2, false, IN_OP,
      "O0", "main" },
    { "whole run: frames of the runtime outside main do not own",
      false, true, "@_start main g f", "@_start main:9", 2, false, IN_OP,
      "O0", "main" },
    { "whole run: below main",
      false, true, "@_start main g f", "@_start main g:9", 1, false, IN_OP,
      "U1", "g" },
    { "whole run: main's own block",
      false, true, "@_start main", "@_start main:9", 0, false, IN_OP,
      "T", "main" },
    { "whole run: another thread",
      false, true, "@_start main f", "worker", 0, false, ELSEWHERE,
      "C0", "" },
    { "whole run: never",
      false, true, "@_start main f", "", 1, false, NEVER,
      "L0", "" },
    { "whole run: what lies above is not known",
      false, true, "... g f", "... g:9", 1, false, IN_OP,
      "U1?", "g" },

    { "not watched: the maker may be the same one",
      true, false, "main serve f", "main serve f:9", 0, false, IN_OP,
      "T?", "f" },
    { "not watched: the maker is gone",
      true, false, "main serve g f", "main serve g:9 drop", 0, false, IN_OP,
      "U1?", "g" },
    { "not watched: called from elsewhere since",
      true, false, "main serve h:1 g f", "main serve h:2 g f", 0, false, IN_OP,
      "U2?", "h" },
    { "not watched: only the op's frame is left",
      true, false, "main serve g f", "main serve:9", 0, false, IN_OP,
      "O0?", "serve" },
    { "not watched: the op made it",
      true, false, "main serve", "main serve:9", 0, false, IN_OP,
      "T?", "serve" },
    { "not watched: an inlined maker is gone",
      true, false, "main serve f<g:5", "main serve g:6", 0, false, IN_OP,
      "U1?", "g" },
    { "not watched: after the op is certain",
      true, false, "main serve f", "main", 0, false, AFTER_OP,
      "C0", "" },
    { "not watched, whole run: freed by main",
      false, false, "@_start main g f", "@_start main:9", 0, false, IN_OP,
      "O0?", "main" },
    { "not watched, whole run: other frames altogether",
      false, false, "@_start main g f", "@exit drop", 0, false, IN_OP,
      "O0?", "main" },
    { "not watched: a cut stack and a whole one tell nothing",
      false, false, "... g f", "main g f", 0, false, IN_OP,
      "T?", "f" },
    { "not watched: two cut stacks that share their outermost frame",
      false, false, "... h g f", "... h g:9", 0, false, IN_OP,
      "U1?", "g" },

    { "not watched: two cut stacks that share nothing",
      false, false, "... h:1 g f", "... h:2 drop", 0, false, IN_OP,
      "T?", "f" },

    { "watched, but the free's stack was cut: nothing is inlined",
      true, true, "main serve g f", "... drop", 1, false, IN_OP,
      "U1", "g" },
    { "watched, but the free's stack was cut: inlined calls",
      true, true, "main serve f<g:5", "... drop", 0, false, IN_OP,
      "T?", "f" },
    { "frames without names are one call each",
      true, true, "main serve ?g ?f", "main serve ?g", 1, false, IN_OP,
      "U1", "prog+0x400030" },
    { "nothing of the stack is known",
      true, true, "...", "...", 2, false, IN_OP,
      "U2", "" },
    { "nothing is known at all",
      true, false, "...", "...", 0, false, IN_OP,
      "T?", "" },
};
/* clang-format on */

static uint32_t stack_of(struct builder *b, const char *calls)
{
    char copy[256];
    char *call[16] = { NULL };
    char *save = NULL;
    size_t count = 0;

    snprintf(copy, sizeof(copy), "%s", calls);
    for (char *s = strtok_r(copy, " ", &save); s != NULL;
         s = strtok_r(NULL, " ", &save))
        call[count++] = s;
    if (count == 0)
        return STACK_ROOT;
    return builder_stack(b, call[0], call[1], call[2], call[3], call[4],
                         call[5], call[6], call[7], call[8], call[9], call[10],
                         call[11], NULL);
}

static const char *write_case(const struct verdict_case *c)
{
    const char *path = temp_path("case.swt");
    struct builder *b = builder_open(path, c->has_op ? "serve" : NULL);
    uint32_t op = stack_of(b, "main serve");
    uint64_t owner = c->hops == 0 && c->op_owns ? OP : MAKER;

    if (c->has_op)
        builder_op_begin(b, 0, op, OP);
    builder_alloc(b, 0, stack_of(b, c->made), FIRST_BLOCK, 64, "malloc",
                  c->is_watched ? owner : ACTIVATION_NONE);
    for (int i = 0; i < c->hops; i++) {
        uint64_t next = c->op_owns && i + 1 == c->hops ? OP : owner + 1;

        builder_return(b, 0, owner, next);
        owner = next;
    }
    if (c->how == IN_OP)
        builder_free(b, 0, stack_of(b, c->freed), FIRST_BLOCK);
    if (c->how == ELSEWHERE)
        builder_free(b, 1, stack_of(b, c->freed), FIRST_BLOCK);
    if (c->has_op)
        builder_op_end(b, 0, OP);
    if (c->how == AFTER_OP)
        builder_free(b, 0, stack_of(b, c->freed), FIRST_BLOCK);
    builder_close(b);
    return path;
}

static void verdict__is_what_was_observed(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct verdict_case *c = &cases[i];
        struct profile *p;
        const struct site *s;
        size_t count;
        char got[32];
        struct err err = { 0 };

        print_message("  %s\n", c->what);
        assert_int_equal(profile_open(write_case(c), &p, &err), ERR_OK);
        assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
        assert_int_equal(profile_sites(p, &s, &count, &err), ERR_OK);
        assert_int_equal(count, 1);
        snprintf(got, sizeof(got), "%c%.0u%s%s", verdict_letter(s->worst_kind),
                 s->worst_up,
                 s->worst_up == 0 && s->worst_kind != VERDICT_TEMPORARY ? "0"
                                                                        : "",
                 s->verdicts.at_most > 0 ? "?" : "");
        if (s->worst_kind == VERDICT_OPERATION) /* its frames do not matter */
            snprintf(got, sizeof(got), "O0%s",
                     s->verdicts.at_most > 0 ? "?" : "");
        assert_string_equal(got, c->want);
        assert_string_equal(s->owner, c->owner);
        assert_int_equal(s->verdicts.by_kind[s->worst_kind], 1);
        assert_int_equal(s->frees, c->how == NEVER ? 0 : 1);
        profile_close(p);
    }
}

/* longjmp over three frames: each is closed when it is found to be gone. */
static void verdict__climbs_over_a_longjmp(void **unused)
{
    const char *path = temp_path("longjmp.swt");
    struct builder *b = builder_open(path, "serve");
    uint32_t made = stack_of(b, "main serve h g f");
    const uint64_t chain[] = { 100, 101, 102, OP };
    struct profile *p;
    const struct site *s;
    size_t count;
    struct err err = { 0 };

    (void)unused;
    builder_op_begin(b, 0, stack_of(b, "main serve"), OP);
    builder_alloc(b, 0, made, 0x10, 8, "malloc", 100);
    for (size_t i = 0; i + 1 < ARRAY_LEN(chain); i++)
        builder_event(b, &(struct event){ .kind = EV_RETURN,
                                          .flags = EV_INFERRED,
                                          .activation = chain[i],
                                          .parent = chain[i + 1] });
    builder_free(b, 0, stack_of(b, "main serve:9"), 0x10);
    builder_event(b, &(struct event){ .kind = EV_OP_END,
                                      .flags = EV_INFERRED,
                                      .activation = OP });
    builder_close(b);

    assert_int_equal(profile_open(path, &p, &err), ERR_OK);
    assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
    assert_int_equal(profile_sites(p, &s, &count, &err), ERR_OK);
    assert_int_equal(count, 1);
    assert_int_equal(s->verdicts.by_kind[VERDICT_OPERATION], 1);
    assert_string_equal(s->owner, "serve");
    profile_close(p);
}

/* The climb ended where nobody could be named (thread exit): at least so
 * far, and that is said. */
static void verdict__is_at_most_when_the_climb_ended(void **unused)
{
    const char *path = temp_path("ended.swt");
    struct builder *b = builder_open(path, "serve");
    struct profile *p;
    const struct site *s;
    size_t count;
    struct err err = { 0 };

    (void)unused;
    builder_op_begin(b, 0, stack_of(b, "main serve"), OP);
    builder_alloc(b, 0, stack_of(b, "main serve g f"), 0x10, 8, "malloc", 100);
    builder_return(b, 0, 100, ACTIVATION_NONE);
    builder_free(b, 0, stack_of(b, "main serve g:9"), 0x10);
    builder_op_end(b, 0, OP);
    builder_close(b);

    assert_int_equal(profile_open(path, &p, &err), ERR_OK);
    assert_int_equal(profile_advance(p, 0, &err), ERR_NOT_FOUND);
    assert_int_equal(profile_sites(p, &s, &count, &err), ERR_OK);
    assert_int_equal(s->verdicts.by_up[1], 1);
    assert_int_equal(s->verdicts.at_most, 1);
    profile_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdict__is_what_was_observed),
        cmocka_unit_test(verdict__climbs_over_a_longjmp),
        cmocka_unit_test(verdict__is_at_most_when_the_climb_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

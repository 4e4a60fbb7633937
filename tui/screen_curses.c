/*
 * screen_curses.c - the terminal. The only file that includes curses.h.
 *
 * Whatever ends the process, the terminal is put back: by closing, after
 * SIGTERM, SIGHUP or SIGINT (which end the loop like a key), and from the
 * handler itself when the program crashes.
 */
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "tui/editor.h"
#include "tui/key.h"
#include "tui/screen.h"

/*
 * What signal handlers need: they get no argument, so this cannot live in
 * the struct. Set before the handlers are installed; afterwards only the
 * flags change.
 */
static struct {
    volatile sig_atomic_t is_closing;
    volatile sig_atomic_t is_resized;
    struct termios saved;
    char restore[256]; /* escape sequences */
    size_t restore_size;
    char stack[16384]; /* to crash on when the stack is what overflowed */
} emergency;

struct signal_row {
    int number;
    bool is_crash;
    struct sigaction before;
};

enum { SIGNAL_COUNT = 9 };

struct curses_screen {
    SCREEN *screen;
    attr_t attrs[STYLE_COUNT];
    short pairs[STYLE_COUNT];
    struct signal_row signals[SIGNAL_COUNT];
    sigset_t waiting; /* the mask while waiting for a key */
    sigset_t before;  /* the mask to go back to */
};

/* clang-format off */
static const struct signal_row signal_rows[SIGNAL_COUNT] = {
    { .number = SIGTERM },  { .number = SIGHUP }, { .number = SIGINT },
    { .number = SIGWINCH },
    { .number = SIGSEGV, .is_crash = true },
    { .number = SIGABRT, .is_crash = true },
    { .number = SIGBUS,  .is_crash = true },
    { .number = SIGFPE,  .is_crash = true },
    { .number = SIGILL,  .is_crash = true },
};

static const struct {
    attr_t attr;
    short color; /* -1: the terminal's own */
} styles[STYLE_COUNT] = { /* nothing is told by red against green, and no
                            * colour is lost on a light background */
    [STYLE_PLAIN]    = { A_NORMAL,  -1 },
    [STYLE_DIM]      = { A_DIM,     -1 },
    [STYLE_BOLD]     = { A_BOLD,    -1 },
    [STYLE_SELECTED] = { A_REVERSE, -1 },
    [STYLE_ACCENT]   = { A_BOLD,    COLOR_CYAN },
    [STYLE_WARN]     = { A_NORMAL,  COLOR_YELLOW },
    [STYLE_GONE]     = { A_DIM,     -1 },
};

static const struct {
    wint_t code;
    int key;
} special_keys[] = {
    { KEY_UP,    K_UP },      { KEY_DOWN,  K_DOWN },
    { KEY_LEFT,  K_LEFT },    { KEY_RIGHT, K_RIGHT },
    { KEY_PPAGE, K_PAGE_UP }, { KEY_NPAGE, K_PAGE_DOWN },
    { KEY_HOME,  K_HOME },    { KEY_END,   K_END },
    { KEY_ENTER, K_ENTER },   { KEY_BACKSPACE, K_BACKSPACE },
    { KEY_F(1),  K_F1 },
};
/* clang-format on */

static void on_end(int number)
{
    if (number == SIGWINCH)
        emergency.is_resized = 1;
    else
        emergency.is_closing = 1;
}

/* Only calls that signal-safety(7) lists. The handler is reset on entry
 * (SA_RESETHAND), so raising again ends the process as it would have. */
static void on_crash(int number)
{
    ssize_t written =
        write(STDOUT_FILENO, emergency.restore, emergency.restore_size);

    (void)written; /* there is nobody left to tell */
    tcsetattr(STDIN_FILENO, TCSANOW, &emergency.saved);
    raise(number);
}

/* Appends what a capability does, without its padding ("$<5/>", terminfo(5)):
 * no terminal that is still in use needs it. */
static void append_capability(const char *name)
{
    const char *p = tigetstr(name);

    if (p == NULL || p == (const char *)-1)
        return;
    while (*p != '\0' && emergency.restore_size < sizeof(emergency.restore)) {
        if (p[0] == '$' && p[1] == '<') {
            p += strcspn(p, ">");
            p += *p != '\0' ? 1 : 0;
            continue;
        }
        emergency.restore[emergency.restore_size++] = *p++;
    }
}

static void catch_signals(struct curses_screen *s)
{
    const stack_t stack = { .ss_sp = emergency.stack,
                            .ss_size = sizeof(emergency.stack) };
    sigset_t ours;

    emergency.restore_size = 0;
    append_capability("sgr0");
    append_capability("rmkx");
    append_capability("cnorm");
    append_capability("rmcup");
    emergency.is_closing = emergency.is_resized = 0;
    sigaltstack(&stack, NULL);
    sigemptyset(&ours);
    memcpy(s->signals, signal_rows, sizeof(signal_rows));
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        struct signal_row *row = &s->signals[i];
        struct sigaction action = { .sa_handler = on_end };

        if (row->is_crash) {
            action.sa_handler = on_crash;
            action.sa_flags = (int)(SA_RESETHAND | SA_NODEFER | SA_ONSTACK);
        } else {
            sigaddset(&ours, row->number);
        }
        sigaction(row->number, &action, &row->before);
    }
    /* Delivered while waiting for a key and at no other time: a signal just
     * before the wait cannot be missed, and no call is interrupted. */
    sigprocmask(SIG_BLOCK, &ours, &s->before);
    s->waiting = s->before;
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        sigdelset(&s->waiting, s->signals[i].number);
}

static void release_signals(struct curses_screen *s)
{
    const stack_t none = { .ss_flags = SS_DISABLE };

    /* In this order: what came in meanwhile goes to our handler and not to
     * one that ends the process before its caller has tidied up. */
    sigprocmask(SIG_SETMASK, &s->before, NULL);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        sigaction(s->signals[i].number, &s->signals[i].before, NULL);
    sigaltstack(&none, NULL);
}

static void curses_size(void *self, int *rows, int *cols)
{
    (void)self;
    getmaxyx(stdscr, *rows, *cols);
}

/* Each cell is put where it belongs, not after the one before it: should the
 * terminal think another width of some character, only that one is off. */
static enum err_code curses_show(void *self, const struct grid *g, bool anew,
                                 struct err *err)
{
    const struct curses_screen *s = self;

    (void)err;
    erase();
    for (int row = 0; row < g->rows; row++) {
        for (int col = 0; col < g->cols; col++) {
            const struct cell *c = &g->cells[(ptrdiff_t)row * g->cols + col];
            const wchar_t text[2] = { (wchar_t)c->ch, L'\0' };
            cchar_t out;

            if (c->width == 0 || (c->ch == ' ' && c->style == STYLE_PLAIN))
                continue;
            if (setcchar(&out, text, s->attrs[c->style], s->pairs[c->style],
                         NULL) == OK)
                mvadd_wch(row, col, &out);
        }
    }
    if (anew)
        clearok(stdscr, TRUE);
    refresh();
    return ERR_OK;
}

static void resize(void)
{
    struct winsize size;

    emergency.is_resized = 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
        size.ws_col > 0)
        resizeterm(size.ws_row, size.ws_col);
}

static int key_of(int kind, wint_t c)
{
    if (kind != KEY_CODE_YES)
        return c == L'\n' ? K_ENTER : c == 8 ? K_BACKSPACE : (int)c;
    for (size_t i = 0; i < ARRAY_LEN(special_keys); i++)
        if (special_keys[i].code == c)
            return special_keys[i].key;
    return c == KEY_RESIZE ? K_RESIZE : K_NONE;
}

static int curses_key(void *self, int timeout_ms)
{
    struct curses_screen *s = self;
    const struct timespec timeout = {
        .tv_sec = timeout_ms / 1000,
        .tv_nsec = timeout_ms % 1000 * 1000000L,
    };
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    wint_t c = 0;
    /* ncurses may hold keys that poll cannot see. */
    int kind = get_wch(&c);

    if (kind != ERR)
        return key_of(kind, c);
    ppoll(&input, 1, timeout_ms < 0 ? NULL : &timeout, &s->waiting);
    if (emergency.is_closing || (input.revents & (POLLHUP | POLLERR)) != 0)
        return K_CLOSED;
    if (emergency.is_resized) {
        resize();
        return K_RESIZE;
    }
    kind = get_wch(&c);
    return kind == ERR ? K_NONE : key_of(kind, c);
}

/* ncurses handles SIGTSTP itself: it puts the terminal back, stops, and when
 * continued takes it again (curs_initscr(3X)). */
static void curses_suspend(void *self)
{
    (void)self;
    raise(SIGTSTP);
    resize();
}

static void curses_edit(void *self, const char *path)
{
    const struct curses_screen *s = self;

    def_prog_mode();
    endwin();
    editor_run(path, &s->before);
    reset_prog_mode();
    resize();
}

static enum err_code curses_close(void *self, struct err *err)
{
    struct curses_screen *s = self;

    (void)err;
    endwin();
    release_signals(s);
    delscreen(s->screen);
    free(s);
    return ERR_OK;
}

static void choose_styles(struct curses_screen *s, bool no_color)
{
    bool has_color = !no_color && has_colors() && start_color() == OK &&
                     use_default_colors() == OK;

    for (short i = 0; i < STYLE_COUNT; i++) {
        s->attrs[i] = styles[i].attr;
        s->pairs[i] = 0;
        if (has_color && styles[i].color >= 0 &&
            init_pair((short)(i + 1), styles[i].color, -1) == OK)
            s->pairs[i] = (short)(i + 1);
    }
}

/* Whether terminfo knows the terminal and how to move its cursor. newterm
 * would find out too, but not without losing memory. */
static bool can_move_cursor(void)
{
    const char *move;
    int status;

    if (setupterm(NULL, STDOUT_FILENO, &status) != OK)
        return false;
    move = tigetstr("cup");
    del_curterm(cur_term);
    return move != NULL && move != (const char *)-1;
}

static bool is_usable(void)
{
    const char *term = getenv("TERM");

    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term != NULL &&
           term[0] != '\0' && strcmp(term, "dumb") != 0 &&
           tcgetattr(STDIN_FILENO, &emergency.saved) == 0 && can_move_cursor();
}

static enum err_code no_terminal(struct err *err)
{
    errno = 0; /* the kernel has no part in this */
    return err_set(err, ERR_IO,
                   "no terminal to explore in: `stackward stages` prints the "
                   "same as text, `--script KEYS --dump` one screen");
}

enum err_code screen_curses_open(bool ascii, bool no_color, struct display *out,
                                 struct err *err)
{
    struct curses_screen *s;

    if (!is_usable())
        return no_terminal(err);
    s = calloc(1, sizeof(*s));
    if (s == NULL)
        return err_no_memory(err);
    setlocale(LC_CTYPE, "");
    set_escdelay(25); /* Esc is a key here; the default is a second */
    s->screen = newterm(NULL, stdout, stdin);
    if (s->screen == NULL) {
        free(s);
        return no_terminal(err);
    }
    raw(); /* Ctrl-C and Ctrl-Z are keys */
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    curs_set(0);
    choose_styles(s, no_color);
    catch_signals(s);
    *out = (struct display){
        .self = s,
        .ascii = ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
        .size = curses_size,
        .show = curses_show,
        .key = curses_key,
        .suspend = curses_suspend,
        .edit = curses_edit,
        .close = curses_close,
    };
    return ERR_OK;
}

/*
 * editor.h - the user's editor, on the terminal that we have left meanwhile.
 */
#ifndef TUI_EDITOR_H
#define TUI_EDITOR_H

#include <signal.h>

/* Runs $VISUAL, else $EDITOR, else vi on the file, with these signals blocked,
 * and waits for it. Ctrl-C is the editor's meanwhile. When none can be run the
 * shell says so. */
void editor_run(const char *path, const sigset_t *mask);

#endif

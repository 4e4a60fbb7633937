/*
 * command.h - one row for each command of the program.
 *
 * A command parses its own arguments (argp, whose option tables are also its
 * --help), prints results on `stdout` and everything else on `stderr`.
 */
#ifndef COMMANDS_COMMAND_H
#define COMMANDS_COMMAND_H

enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
};

struct command {
    const char *name;
    const char *summary; /* for the program's --help, at most 60 columns */
    int (*run)(int argc, char **argv); /* argv[0] is "stackward NAME"; gives
                                          the exit status */
};

extern const struct command command_explore;
extern const struct command command_stages;
extern const struct command command_record;
extern const struct command command_view;
extern const struct command command_report;
extern const struct command command_learn;
extern const struct command command_doctor;

#endif

/*
 * main.c - the program: finds the command and runs it.
 */
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "commands/command.h"

static const struct command *const commands[] = {
    &command_explore, &command_stages, &command_record, &command_view,
    &command_report,  &command_learn,  &command_doctor,
};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

static void print_help(void)
{
    puts("Usage: stackward [COMMAND] [OPTION...]\n\n"
         "Shows where a C program allocates, how often per operation, and "
         "why each block\ncould not have been a local variable. No "
         "recompiling.\n\nCommands:");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-9s %s\n", commands[i]->name, commands[i]->summary);
    puts("\n`stackward COMMAND --help` explains one. Exit status: 0 done, "
         "1 failed, 2 usage.");
}

static int run(const struct command *c, int argc, char **argv)
{
    char name[64];

    /* argp names the program by argv[0] in its usage lines. */
    snprintf(name, sizeof(name), "stackward %s", c->name);
    argv[0] = name;
    return c->run(argc, argv);
}

int main(int argc, char **argv)
{
    argp_err_exit_status = EXIT_USAGE;
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        print_help();
        return EXIT_DONE;
    }
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        puts("stackward " STACKWARD_VERSION);
        return EXIT_DONE;
    }
    if (argc == 1 || argv[1][0] == '-')
        return run(&command_explore, argc, argv);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            return run(commands[i], argc - 1, argv + 1);
    fprintf(stderr,
            "stackward: no command named %s; `stackward --help` lists "
            "them\n",
            argv[1]);
    return EXIT_USAGE;
}

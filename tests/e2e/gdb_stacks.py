# Run by gdb: prints, for each allocation of the Nth op (0-based), the size
# asked for and the program's frames, innermost first, as function:line.
#
#   gdb -batch -ex 'py OP="fn"; NTH=20; PROGRAM="/path"' -x gdb_stacks.py
import gdb

ALLOCATORS = {"malloc": lambda a: a[0], "calloc": lambda a: a[0] * a[1],
              "realloc": lambda a: a[1]}
ARGS = ["$rdi", "$rsi", "$rdx"]


def stack():
    frames = []
    f = gdb.newest_frame().older()
    while f is not None:
        # The innermost frame belongs to an object file; libc's are left out.
        lib = gdb.solib_name(f.pc())
        if lib is None and f.name() and f.name() != "_start":
            sal = f.find_sal()
            frames.append("%s:%d" % (f.name(), sal.line))
        f = f.older()
    return " ".join(frames)


def is_nested():
    """realloc calling malloc: the caller is an allocator itself."""
    older = gdb.newest_frame().older()
    name = older.name() or ""
    return gdb.solib_name(older.pc()) is not None and any(
        a in name for a in ALLOCATORS)


def value(reg):
    return int(gdb.parse_and_eval("(unsigned long)%s" % reg))


gdb.execute("set pagination off")
gdb.execute("set confirm off")
gdb.execute("set breakpoint pending on")
gdb.execute("break main", to_string=True)
gdb.execute("run", to_string=True)
op = gdb.Breakpoint(OP)
op.ignore_count = NTH
gdb.execute("continue", to_string=True)
end = gdb.newest_frame().older().pc()
stop = gdb.Breakpoint("*0x%x" % end)
points = {}
for name in ALLOCATORS:
    for loc in [gdb.parse_and_eval("(long)&%s" % name)]:
        points["*0x%x" % int(loc)] = name
        gdb.Breakpoint("*0x%x" % int(loc))
addresses = {int(k[1:], 16): v for k, v in points.items()}
while True:
    gdb.execute("continue", to_string=True)
    pc = gdb.newest_frame().pc()
    if pc == end:
        break
    name = addresses.get(pc)
    if name is None or is_nested():
        continue
    print("ALLOC %d %s" % (ALLOCATORS[name]([value(a) for a in ARGS]),
                           stack()))
gdb.execute("kill")

// What C++ adds: namespaces, templates, classes of classes, lambdas,
// exceptions, and names that need demangling.
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace shapes {

template <typename T> struct box {
    T value;

    explicit box(T v) : value(v) {}
    box twice() const { return box(value + value); }
};

class counter {
public:
    struct step {
        int by;
        int apply(int to) const { return to + by; }
    };

    int add(const step &s)
    {
        total_ = s.apply(total_);
        if (total_ > 1000000)
            throw std::runtime_error("too many");
        return total_;
    }
    virtual ~counter() = default;

private:
    int total_ = 0;
};

namespace {
int hidden(int n)
{
    auto square = [n](int m) { return m * n; };
    int sum = 0;

    for (int i = 0; i < n; i++)
        sum += square(i);
    return sum;
}
} // namespace

} // namespace shapes

int main(int argc, char **)
{
    shapes::counter counter;
    std::map<std::string, std::vector<int>> table;

    try {
        for (int i = 0; i < 10 + argc; i++) {
            table[std::to_string(i % 3)].push_back(
                counter.add({ shapes::box<int>(i).twice().value }));
        }
        std::printf("%zu %d\n", table.size(), shapes::hidden(argc + 3));
    } catch (const std::exception &e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
    return 0;
}

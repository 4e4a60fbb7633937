# A report as the lines that target programs print of themselves.
def name: sub("\\(.*"; "");
def letters: ["T", "U1", "U2", "U3", "U4", "U5", "U6", "U7", "U8",
              "O", "C", "L"];
def verdicts: . as $v | [letters[] | select(($v[.] // 0) > 0)
                         | "\(.):\($v[.])"] | join(",");
(to_entries[] | select(.value | type == "number") | "\(.key)=\(.value)"),
(.sites[] | "site \(.function | name):\(.line) via=\(.via | name) " +
            "allocs=\(.allocs) bytes=\(.bytes) verdicts=\(.verdicts | verdicts)"),
(.sites[] | select(.grown > 0) | "grown \(.function | name):\(.line) \(.grown)"),
(.sites[] | "plugin \(.function | name) \(.allocs) \(.bytes)"),
(.ledger | to_entries[] | "ledger \(.key)=\(.value)")

import Testing
import VitalsCore

@Suite("Which health checks go on under another id")
struct RenamingTests {
    private static func ids(_ texts: [String]) -> [HealthCheckID] { texts.map { HealthCheckID($0) } }

    @Test(
        "those of which something is known under a former id, and nothing under the one they have",
        arguments: [
            ("renamed", ["b.x": ["a.x"]], ["b.x"], ["a.x"], ["a.x": "b.x"]),
            ("done before", ["b.x": ["a.x"]], ["b.x"], ["b.x"], [:]),
            ("both are known", ["b.x": ["a.x"]], ["b.x"], ["a.x", "b.x"], [:]),
            ("nothing is known", ["b.x": ["a.x"]], ["b.x"], [], [:]),
            ("the old one is still there", ["b.x": ["a.x"]], ["a.x", "b.x"], ["a.x"], [:]),
            (
                "the likeliest counts", ["b.y": ["b.x", "a.y", "a.x"]], ["b.y"], ["a.x", "b.x"],
                ["b.x": "b.y"]
            ),
            ("the next if that is not", ["b.y": ["b.x", "a.y", "a.x"]], ["b.y"], ["a.x"], ["a.x": "b.y"]),
            (
                "nobody takes what another has", ["b.x": ["a.x"], "c.x": ["a.x"]], ["b.x", "c.x"], ["a.x"],
                ["a.x": "b.x"]
            ),
        ] as [(String, [String: [String]], [String], [String], [String: String])])
    func plan(
        _: String, former: [String: [String]], configured: [String], known: [String],
        expected: [String: String]
    ) {
        let plan = Renaming.plan(
            Dictionary(uniqueKeysWithValues: former.map { (HealthCheckID($0), Self.ids($1)) }),
            configured: Set(Self.ids(configured)), known: Set(Self.ids(known)))
        #expect(
            plan == Dictionary(uniqueKeysWithValues: expected.map { (HealthCheckID($0), HealthCheckID($1)) })
        )
    }

    @Test(
        "the ids that it may have had, the likeliest first",
        arguments: [
            (nil, nil, []), ("a", nil, ["a.y"]), (nil, "x", ["b.x"]), ("a", "x", ["b.x", "a.y", "a.x"]),
        ] as [(String?, String?, [String])])
    func formerIDs(system: String?, check: String?, expected: [String]) {
        let ids = Renaming.formerIDs(
            system: SystemID("b"), system.map { SystemID($0) }, check: CheckID("y"),
            check.map { CheckID($0) })
        #expect(ids.map(\.text) == expected)
    }

    @Test("at a start its slots until now are those of its former id, and nothing is told of it")
    func restart() {
        let (old, new) = (HealthCheckID("a.x"), HealthCheckID("b.x"))
        let at = Timestamp(microseconds: 1_795_860_000_000_000)
        let interval = Duration.seconds(10)
        let healthCheck = HealthCheck(
            system: SystemID("b"), check: CheckID("x"), kind: ProbeKind("tcp", isDatabase: false),
            policy: .every(interval), revision: Revision("r"))
        let newest = SlotGrid(old, every: interval).next(after: at)
        let before = Restart.Before(
            revision: Revision("r"), interval: interval, isEnabled: true, registered: at, newest: newest,
            formerID: old)
        let found = Restart.consequences(
            for: new, before: before, configured: healthCheck, at: newest + .seconds(25))
        let miss = Miss(
            of: new, from: newest + interval, to: newest + interval * 2, count: 2, reason: .notRunning)
        #expect(found == [.register, .missed(miss)])
    }
}

import Logging
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("One service watched without a store")
struct SoleWatchTests {
    private let loop = ManualLoop()
    private let database: ScriptedProbe
    private let watch: SoleWatch
    private static let interval: Duration = .seconds(15)

    init() {
        database = ScriptedProbe("db1", on: loop)
        watch = SoleWatch(
            [SoleWatch.Target("db", database)],
            SoleWatch.Settings(
                service: "orders", role: "replica", interval: Self.interval, timeout: .seconds(40),
                version: "1"),
            on: loop, clock: loop.clock.machine,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func lines() async -> Set<String> {
        var writer = MetricWriter(.text)
        await watch.write(to: &writer)
        let labels = #"target="orders",engine="postgres",db_name="postgres",db_role="replica""#
        return Set(
            String(decoding: writer.finish(), as: UTF8.self).split(separator: "\n")
                .map { String($0).replacing("{\(labels)}", with: "").replacing("{\(labels),", with: "{") })
    }

    @Test("before the first run it is not up, and nobody says how the service is")
    func fresh() async {
        let lines = await lines()
        #expect(lines.contains("db_up 0"))
        #expect(!lines.contains { $0.hasPrefix("service_health{") })
        let summary = watch.healthSummary()
        #expect(summary.status == .degraded)
        #expect(summary.components.map(\.name) == ["database"])
    }

    @Test("each run is judged by itself, and told at once: 1, 0.5 and 0")
    func judged() async {
        let readOnly = Fault(.readOnly, in: .write, message: "read-only")
        watch.begin()
        for (behaviour, isUp, health, status) in [
            (ScriptedProbe.Behaviour.pass, "1", "1", State.healthy), (.refuse, "0", "0", .unhealthy),
            (.fault(readOnly, after: .milliseconds(1)), "1", "0.5", .degraded),
            (.pass, "1", "1", .healthy),
        ] {
            database.behave(behaviour)
            loop.run(for: Self.interval)
            let lines = await lines()
            #expect(lines.contains("db_up \(isUp)"))
            #expect(lines.contains(#"service_health{service="orders"} \#(health)"#))
            #expect(watch.healthSummary().status == status)
        }
    }

    @Test("the first run is made at once, the others on their slots")
    func onTime() {
        let begin = loop.clock.wall
        watch.begin()
        loop.run(for: Self.interval * 5)
        #expect(database.starts.first == begin)
        #expect((5...6).contains(database.starts.count))
        let grid = SlotGrid(HealthCheckID("service.db"), every: Self.interval)
        for start in database.starts.dropFirst() {
            #expect(start - grid.latest(at: start) < .milliseconds(5))
        }
    }

    @Test("one probe at a time, however long it takes; slots that it sat through are told")
    func oneAtATime() async {
        database.behave(.hang)
        watch.begin()
        loop.run(for: .seconds(200))
        #expect(database.mostInFlight == 1)
        #expect(database.starts.count >= 3)
        #expect(await lines().contains { $0.hasPrefix(#"db_probe_skipped_total{reason="in_flight"} "#) })
    }

    @Test("a login that is refused is asked for less and less often, and is misconfigured")
    func refusedLogin() async {
        let refused = Fault(.authFailed, in: .authenticate, message: "refused")
        database.behave(.fault(refused, after: .milliseconds(1)))
        watch.begin()
        loop.run(for: Self.interval * 20)
        #expect((3...7).contains(database.starts.count))
        let lines = await lines()
        #expect(lines.contains("db_up 0"))
        #expect(lines.contains(#"db_status{state="misconfigured"} 1"#))
        #expect(!lines.contains { $0.hasPrefix("service_health{") })
        database.behave(.pass)
        loop.run(for: .seconds(1_000))
        #expect(await self.lines().contains("db_up 1"))
    }

    @Test("what has not been looked at for too long is not up")
    func stale() async {
        watch.begin()
        loop.run(for: Self.interval)
        #expect(await lines().contains("db_up 1"))
        database.behave(.never)
        loop.run(for: .seconds(120))
        #expect(await lines().contains("db_up 0"))
        #expect(await lines().contains(#"db_status{state="unknown"} 1"#))
    }

    @Test("the program that is watched is a component once it runs")
    func process() {
        watch.note(isProcessRunning: true)
        #expect(watch.healthSummary().components.map(\.shown) == [.unhealthy, .healthy])
    }
}

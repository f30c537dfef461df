import Testing
import VitalsCore

@Suite("A heartbeat")
struct HeartbeatTests {
    /// 2026-11-21, 10:00 UTC.
    private static let begin = Timestamp(microseconds: 1_795_255_200_000_000)
    private let schedule = HeartbeatSchedule(.every(.seconds(600)), grace: .seconds(60))

    private func at(_ seconds: Int) -> Timestamp { Self.begin + .seconds(seconds) }

    private func heartbeat(_ pings: [(Int, Ping)], listeningSince: Int = -10_000) -> Heartbeat {
        var heartbeat = Heartbeat(listeningSince: at(listeningSince))
        for (seconds, ping) in pings { heartbeat.apply(ping, at: at(seconds)) }
        return heartbeat
    }

    private func verdict(_ pings: [(Int, Ping)], at seconds: Int, listeningSince: Int = -10_000) -> String {
        let fault = heartbeat(pings, listeningSince: listeningSince).fault(schedule, at: at(seconds))
        return fault.map { "\($0.cause.rawValue): \($0.message)" } ?? "pass"
    }

    @Test("that was never heard is not set up, and says nothing of the target")
    func never() {
        #expect(verdict([], at: 0) == "not_provisioned: nothing has pinged yet")
        #expect(verdict([], at: 1_000_000) == "not_provisioned: nothing has pinged yet")
        #expect(verdict([(0, Ping(.log))], at: 1) == "not_provisioned: nothing has pinged yet")
        #expect(heartbeat([]).deadline(schedule) == nil)
    }

    @Test("is well until it is later than its grace, and again as soon as it pings")
    func missing() {
        let pings = [(0, Ping(.success))]
        #expect(verdict(pings, at: 0) == "pass")
        #expect(verdict(pings, at: 660) == "pass")
        #expect(heartbeat(pings).deadline(schedule) == at(660))
        #expect(verdict(pings, at: 661) == "heartbeat_missing: expected by 10:10:00Z, 61 seconds ago")
        #expect(verdict(pings, at: 1_320) == "heartbeat_missing: expected by 10:10:00Z, 12 minutes ago")
        #expect(
            verdict(pings, at: 90_000) == "heartbeat_missing: expected by 2026-11-21 10:10:00Z, 24 hours ago")
        #expect(verdict(pings, at: 900_000).hasSuffix("10 days ago"))
        #expect(verdict(pings + [(1_320, Ping(.success))], at: 1_321) == "pass")
        #expect(verdict(pings + [(1_320, Ping(.log))], at: 1_321) != "pass")
    }

    @Test("that reports a failure has failed until it reports success")
    func failure() {
        let failed = [(0, Ping(.success)), (5, Ping(.failure(status: 3)))]
        #expect(verdict(failed, at: 6) == "condition: reported exit status 3 at 10:00:05Z")
        #expect(
            verdict([(0, Ping(.failure(status: nil)))], at: 1) == "condition: reported a failure at 10:00:00Z"
        )
        #expect(
            verdict(failed + [(7, Ping(.start))], at: 8) == "condition: reported exit status 3 at 10:00:05Z")
        #expect(verdict(failed + [(9, Ping(.success))], at: 10) == "pass")
    }

    @Test("that began and does not end is missing")
    func unfinished() {
        let began = [(0, Ping(.success)), (590, Ping(.start))]
        #expect(verdict(began, at: 650) == "pass")
        #expect(
            verdict(began, at: 710)
                == "heartbeat_missing: began at 10:09:50Z, 2 minutes ago, and has not ended")
        #expect(heartbeat(began).deadline(schedule) == at(650))
        #expect(verdict(began + [(640, Ping(.success))], at: 1_299) == "pass")
        #expect(verdict([(0, Ping(.start))], at: 30) == "pass")
    }

    @Test("that began too late is missing until it has ended")
    func lateStart() {
        let late = [(0, Ping(.success)), (700, Ping(.start))]
        #expect(verdict(late, at: 701) == "heartbeat_missing: expected by 10:10:00Z, 101 seconds ago")
        #expect(verdict(late + [(702, Ping(.success))], at: 703) == "pass")
        #expect(verdict([(0, Ping(.success)), (660, Ping(.start))], at: 701) == "pass")
    }

    @Test("knows how long a job took, where its beginning is known")
    func durations() {
        #expect(heartbeat([(0, Ping(.start)), (42, Ping(.success))]).lastEnd?.duration == .seconds(42))
        #expect(heartbeat([(42, Ping(.success))]).lastEnd?.duration == nil)
        #expect(
            heartbeat([(0, Ping(.start)), (9, Ping(.failure(status: 1)))]).lastEnd?.duration == .seconds(9))
        let day = 86_400
        #expect(
            heartbeat([(0, Ping(.start)), (3 * day, Ping(.success))]).lastEnd?.duration == .seconds(3 * day))
        #expect(heartbeat([(0, Ping(.start)), (3 * day + 1, Ping(.success))]).lastEnd?.duration == nil)
    }

    @Test("pairs the ends of overlapping jobs with their beginnings")
    func overlapping() {
        let both = [(0, Ping(.start, run: "a")), (10, Ping(.start, run: "b"))]
        let first = heartbeat(both + [(30, Ping(.success, run: "a"))])
        #expect(first.lastEnd?.duration == .seconds(30))
        #expect(first.starts.map(\.run) == ["b"])
        // The older one was lost.
        let second = heartbeat(both + [(30, Ping(.success, run: "b"))])
        #expect(second.lastEnd?.duration == .seconds(20))
        #expect(second.starts.isEmpty)
        #expect(heartbeat(both + [(30, Ping(.success))]).starts.isEmpty)
        let twice = heartbeat(both + [(30, Ping(.success, run: "a")), (31, Ping(.success, run: "a"))])
        #expect(twice.starts.map(\.run) == ["b"])
        let many = (0..<40).map { ($0, Ping(.start, run: "\($0)")) }
        #expect(heartbeat(many).starts.count == 16)
    }

    @Test("has one grace after a time in which nobody listened")
    func restart() {
        let pings = [(0, Ping(.success))]
        #expect(verdict(pings, at: 5_000, listeningSince: 4_950) == "pass")
        #expect(verdict(pings, at: 5_010, listeningSince: 4_950) == "pass")
        #expect(verdict(pings, at: 5_011, listeningSince: 4_950) != "pass")
        #expect(verdict([(0, Ping(.start))], at: 5_000, listeningSince: 4_950) == "pass")
        var heartbeat = heartbeat(pings)
        heartbeat.listen(since: at(4_950))
        #expect(heartbeat.deadline(schedule) == at(5_010))
    }

    @Test("is kept and taken up again as it was, and does not go back")
    func stored() {
        let known = heartbeat([(0, Ping(.success)), (5, Ping(.start, run: "a"))])
        #expect(
            Heartbeat(
                starts: known.starts, lastEnd: known.lastEnd, lastHeard: known.lastHeard,
                listeningSince: known.listeningSince)
                == known)
        let late = heartbeat([(100, Ping(.success)), (50, Ping(.failure(status: 1)))])
        #expect(late.lastEnd?.at == at(100))
        #expect(late.fault(schedule, at: at(101)) == nil)
    }

    @Test("may follow cron")
    func cron() throws {
        let nightly = HeartbeatSchedule(
            .cron(try CronExpression("0 3 * * *", in: .utc)), grace: .seconds(1_800))
        let heartbeat = heartbeat([(0, Ping(.success))])
        #expect(heartbeat.deadline(nightly) == at(17 * 3_600 + 1_800))
        #expect(heartbeat.fault(nightly, at: at(17 * 3_600 + 1_800)) == nil)
        #expect(heartbeat.fault(nightly, at: at(17 * 3_600 + 1_801))?.cause == .heartbeatMissing)
    }
}

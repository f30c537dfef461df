import Testing
import VitalsCore

@Suite("Which server answers")
struct KnownServerTests {
    private func run(
        _ identifier: String?, role: String? = "primary", _ outcome: Outcome = .pass, at second: Double = 1,
        fault: Fault? = nil, pooler: String? = nil
    ) -> Run {
        var facts = Facts()
        facts[.pooler] = pooler.map { .text($0) }
        facts[.role] = role.map { .text($0) }
        facts[.systemIdentifier] = identifier.map { .text($0) }
        return Run(
            of: HealthCheckID("db.sql"), at: .second(second), startedAt: .second(second), trigger: .scheduled,
            outcome: outcome, result: ProbeResult(fault: fault, latency: .zero, facts: facts))
    }

    @Test("the first one is taken as it is, and the same one again changes nothing")
    func same() {
        var server = KnownServer()
        for _ in 1...3 { #expect(server.judge(run("1"), .primary) == run("1")) }
        #expect(server.identifier == "1")
    }

    @Test("another one is a finding of the run that sees it first, and of no other")
    func another() throws {
        var server = KnownServer(identifier: "1")
        let judged = server.judge(run("2"), .any)
        #expect(judged.outcome == .pass)
        #expect(judged.result.fault == nil)
        let finding = try #require(judged.result.findings.first)
        #expect(finding.cause == .roleMismatch && finding.severity == .critical)
        #expect(
            finding.message
                == "another server answers than before: its system identifier is 2, and was 1")
        #expect(server.judge(run("2"), .any) == run("2"))
    }

    @Test("where a part is wanted, another one is a failure", arguments: [ExpectedRole.primary, .replica])
    func failure(expected: ExpectedRole) {
        var server = KnownServer(identifier: "1")
        let judged = server.judge(run("2"), expected)
        #expect(judged.outcome == .fail)
        #expect(judged.result.fault?.cause == .roleMismatch)
        #expect(judged.result.fault?.code == "system_identifier")
        #expect(judged.result.fault?.phase == .session)
    }

    @Test("where a pooler lets us in and nobody answers, the server behind it is what is missing")
    func pooled() {
        var server = KnownServer()
        let timeout = Fault(.timeout, in: .session, message: "no answer in 5 s")
        let silent = run(nil, role: nil, .fail, fault: timeout)
        #expect(server.judge(silent, .any) == silent)
        _ = server.judge(run("1", pooler: "in_between"), .any)
        for _ in 1...2 {
            let judged = server.judge(silent, .any)
            #expect(judged.outcome == .fail)
            #expect(judged.result.fault?.cause == .backendUnavailable)
            #expect(judged.result.fault?.phase == .session)
            #expect(judged.result.fault?.message.hasSuffix("no answer in 5 s") == true)
        }
        for fault in [
            Fault(.timeout, in: .connect, message: "no answer"), Fault(.reset, in: .session, message: "gone"),
        ] {
            let other = run(nil, role: nil, .fail, fault: fault)
            #expect(server.judge(other, .any) == other)
        }
        _ = server.judge(run("1"), .any)
        #expect(server.judge(silent, .any) == silent)
    }

    @Test("a fault that a run has besides is not lost")
    func both() {
        var server = KnownServer(identifier: "1")
        let stalled = Fault(.commitStalled, in: .write, message: "stalled")
        let judged = server.judge(run("2", .warn, fault: stalled), .primary)
        #expect(judged.outcome == .fail)
        #expect(judged.result.findings.map(\.cause) == [.commitStalled])

        var other = KnownServer(identifier: "1")
        let refused = Fault(.refused, in: .connect, message: "refused")
        let failed = other.judge(run("2", .fail, fault: refused), .primary)
        #expect(failed.result.fault == refused)
        #expect(failed.result.findings.map(\.cause) == [.roleMismatch])
    }

    @Test("one that does not say who it is is no other, and what tells nothing is not looked at")
    func silent() {
        var server = KnownServer(identifier: "1")
        #expect(server.judge(run(nil), .primary) == run(nil))
        #expect(server.judge(run("2", .inconclusive), .primary) == run("2", .inconclusive))
        #expect(server.identifier == "1")
        #expect(server.judge(run("2"), .primary).outcome == .fail)
    }

    @Test("is seen for as long as its last run counts")
    func sight() {
        var server = KnownServer()
        #expect(server.sight(within: .seconds(30), of: .second(1)) == .none)
        _ = server.judge(run("1", role: "replica", at: 10), .any)
        #expect(server.sight(within: .seconds(30), of: .second(40)) == .role(.replica))
        #expect(server.sight(within: .seconds(30), of: .second(41)) == .none)
        _ = server.judge(run(nil, role: nil, .fail, at: 20), .any)
        #expect(server.sight(within: .seconds(30), of: .second(41)) == .silent)
        _ = server.judge(run(nil, role: nil, .inconclusive, at: 90), .any)
        #expect(server.sight(within: .seconds(30), of: .second(91)) == .none)
    }
}

@Suite("Which server answers, of those that call themselves something else whenever they are started")
struct RestartedServerTests {
    private func run(_ identifier: String, at second: Double, uptime: Int) -> Run {
        var facts = Facts()
        facts[.systemIdentifier] = .text(identifier)
        facts[.uptime] = .number(uptime)
        return Run(
            of: HealthCheckID("db.cache"), at: .second(second), startedAt: .second(second),
            trigger: .scheduled, outcome: .pass, result: ProbeResult(latency: .zero, facts: facts))
    }

    @Test("one that was started since it was seen last is no other one")
    func restarted() {
        var server = KnownServer()
        _ = server.judge(run("a", at: 100, uptime: 50), .primary)
        let restarted = run("b", at: 110, uptime: 4)
        #expect(server.judge(restarted, .primary) == restarted)
        #expect(server.identifier == "b")
    }

    @Test("one that was running by then is")
    func other() {
        var server = KnownServer()
        _ = server.judge(run("a", at: 100, uptime: 50), .primary)
        #expect(server.judge(run("b", at: 110, uptime: 5_000), .primary).outcome == .fail)
        // Clocks of whole seconds are not taken at their word.
        var close = KnownServer()
        _ = close.judge(run("a", at: 100, uptime: 50), .primary)
        #expect(close.judge(run("b", at: 110, uptime: 12), .primary).outcome == .pass)
        var beyond = KnownServer()
        _ = beyond.judge(run("a", at: 100, uptime: 50), .primary)
        #expect(beyond.judge(run("b", at: 110, uptime: 13), .primary).outcome == .fail)
    }

    @Test("after a restart of our own nothing is said of it")
    func unknown() {
        var server = KnownServer(identifier: "a")
        #expect(server.judge(run("b", at: 110, uptime: 5_000), .primary).outcome == .pass)
        #expect(server.judge(run("c", at: 120, uptime: 5_000), .primary).outcome == .fail)
    }
}

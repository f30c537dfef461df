import NIOCore
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// Questions to a real name server.
@Suite struct DNSProbeTests {
    private func run(
        _ name: String, _ kind: DNSKind = .a, _ expected: [String] = [], match: DNSExpectation.Match = .all,
        code: DNSCode = .noError, tcp: Bool = false, at server: NSD
    ) async throws -> ProbeResult {
        var settings = try DNSProbeSettings(parsing: name, kind: kind, server: server.address.text)
        settings.expectation = try DNSExpectation(expected, of: kind, match: match, code: code)
        settings.usesTCP = tcp
        let network = try TestNetwork()
        return await network.run(DNSProbe(settings, loops: network.loops))
    }

    @Test(
        "each kind of record is asked for and read, by UDP and by TCP",
        arguments: [
            ("db1.vitals.example", DNSKind.a, ["192.0.2.1", "192.0.2.2"]),
            ("DB1.Vitals.Example.", .aaaa, ["2001:DB8:0::1"]),
            ("www.vitals.example", .cname, ["db1.vitals.example."]),
            ("www.vitals.example", .a, ["192.0.2.2", "192.0.2.1"]),
            ("vitals.example", .mx, ["20 mail2.example.org", "10 MAIL.vitals.example."]),
            ("vitals.example", .txt, ["\"v=spf1 -all\""]), ("joined.vitals.example", .txt, ["one, two"]),
            ("vitals.example", .ns, ["ns1.vitals.example", "ns2.vitals.example"]),
            (
                "vitals.example", .soa,
                ["ns1.vitals.example. hostmaster.vitals.example. 2024010101 7200 3600 1209600 60"]
            ),
            ("_sip._tcp.vitals.example", .srv, ["10 60 5060 db1.vitals.example"]),
            ("1.2.0.192.in-addr.arpa", .ptr, ["db1.vitals.example"]),
            ("192.0.2.1", .ptr, ["db1.vitals.example"]),
            (
                "vitals.example", .caa,
                ["0 issue \"letsencrypt.org\"", "128 IODEF mailto:a@vitals.example"]
            ),
        ])
    func kinds(_ name: String, _ kind: DNSKind, _ expected: [String]) async throws {
        let server = try await NSD()
        for tcp in [false, true] {
            let result = try await run(name, kind, expected, match: .exact, tcp: tcp, at: server)
            #expect(result.fault == nil)
            #expect(result.facts[.responseCode] == .text("NOERROR"))
            let normal = try expected.map { try DNSExpectation.normal($0, kind) }
            guard case .list(let answers)? = result.facts[.answers] else {
                Issue.record("no answers")
                continue
            }
            #expect(Set(answers) == Set(normal))
            #expect(result.phases.map(\.phase) == [.connect, .request, .firstByte])
        }
    }

    @Test func theShortestTimeToLiveAndTheCountsAreFacts() async throws {
        let server = try await NSD()
        let result = try await run("db1.vitals.example", at: server)
        #expect(result.facts[.minimumTTL] == .number(60))
        #expect(result.facts[.addresses] == .list(["127.0.0.1"]))
        #expect(result.facts[.authorityRecords] == .number(2))
        #expect(result.facts[.additionalRecords] == .number(2))
    }

    @Test func whatIsTooLongForADatagramIsAskedForByTCP() async throws {
        let server = try await NSD()
        let result = try await run("long.vitals.example", .txt, NSD.longTexts, match: .exact, at: server)
        #expect(result.fault == nil)
        let failing = try await run("long.vitals.example", .txt, ["other"], at: server)
        #expect(failing.fault?.cause == .condition)
        #expect(failing.trace.contains("too long for a datagram"))
    }

    @Test(
        "the records that are expected are there in any order: all, one, or just they",
        arguments: [
            (["192.0.2.2"], DNSExpectation.Match.all, true), (["192.0.2.2", "192.0.2.1"], .all, true),
            (["192.0.2.2", "192.0.2.3"], .all, false), (["192.0.2.2", "192.0.2.3"], .any, true),
            (["192.0.2.3"], .any, false), (["192.0.2.2"], .exact, false),
            (["192.0.2.2", "192.0.2.1"], .exact, true), ([], .exact, true),
        ])
    func match(_ expected: [String], _ match: DNSExpectation.Match, _ passes: Bool) async throws {
        let server = try await NSD()
        let result = try await run("db1.vitals.example", .a, expected, match: match, at: server)
        #expect((result.fault == nil) == passes)
        guard !passes else { return }
        #expect(result.fault?.cause == .condition)
        #expect(result.fault?.phase == .firstByte)
        #expect(result.fault?.message.contains("192.0.2.1") == true)
    }

    @Test(
        "what the server says instead is a fault of its own",
        arguments: [
            ("no.vitals.example", DNSKind.a, DNSCode.noError, Cause.dnsNXDomain, "NXDOMAIN"),
            ("mail.vitals.example", .aaaa, .noError, .dnsNXDomain, nil),
            ("broken.example", .a, .noError, .dnsFailure, "SERVFAIL"),
            ("elsewhere.example", .a, .noError, .dnsFailure, "REFUSED"),
            ("db1.vitals.example", .a, .noSuchName, .condition, "NOERROR"),
            ("broken.example", .a, .noSuchName, .dnsFailure, "SERVFAIL"),
        ] as [(String, DNSKind, DNSCode, Cause, String?)])
    func faults(
        _ name: String, _ kind: DNSKind, _ expected: DNSCode, _ cause: Cause, _ code: String?
    ) async throws {
        let server = try await NSD()
        let result = try await run(name, kind, code: expected, at: server)
        #expect(result.fault?.cause == cause)
        #expect(result.fault?.code == code)
    }

    @Test(
        "a response code that is expected is a pass",
        arguments: [("no.vitals.example", "NXDOMAIN"), ("broken.example", "SERVFAIL"), ("x.org", "REFUSED")])
    func expectedCode(_ name: String, _ code: String) async throws {
        let server = try await NSD()
        let result = try await run(name, code: try #require(DNSCode(text: code)), at: server)
        #expect(result.fault == nil)
        #expect(result.facts[.responseCode] == .text(code))
    }

    @Test func theServersNameIsResolvedFirst() async throws {
        let server = try await NSD()
        let network = try TestNetwork(hosts: "127.0.0.1 ns")
        let settings = try DNSProbeSettings(parsing: "dns://ns:\(server.port)/vitals.example?type=mx")
        let result = await network.run(DNSProbe(settings, loops: network.loops))
        #expect(result.fault == nil)
        #expect(result.phases.map(\.phase) == [.resolve, .connect, .request, .firstByte])
    }

    @Test func withoutAServerTheMachinesOwnAreAsked() async throws {
        let server = try await NSD()
        let network = try TestNetwork(resolver: ScriptedNameServer.settings([server.address]))
        let settings = try DNSProbeSettings(parsing: "db1.vitals.example")
        let result = await network.run(DNSProbe(settings, loops: network.loops))
        #expect(result.fault == nil)
        #expect(result.facts[.addresses] == .list(["127.0.0.1"]))
    }
}

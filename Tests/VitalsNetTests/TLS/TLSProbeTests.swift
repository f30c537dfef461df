import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("The TLS probe, with a real server")
struct TLSProbeTests {
    private func probe(
        _ network: TestNetwork, _ port: Int, _ authority: TestAuthority?,
        _ more: [String: Settings.Value] = [:]
    ) async throws -> ProbeResult {
        var settings = Settings(target: TargetText("localhost:\(port)"), as: "address")
        if let authority { settings.set("ca", .text(TargetText(authority.certificate))) }
        for (name, value) in more { settings.set(name, value) }
        return await network.run(try TLSProbe(settings, loops: network.loops))
    }

    /// A minute later than now, so that no certificate has just been made.
    private func later() throws -> TestNetwork {
        try TestNetwork { Timestamp(microseconds: wallClock().microseconds + 60_000_000) }
    }

    @Test("tells what it found of protocol, certificate and chain")
    func facts() async throws {
        let authority = try await TestAuthority()
        let subordinate = try await authority.subordinate(days: 15)
        let nginx = try await Nginx(
            [
                try await authority.issue(for: ["localhost"], subject: "/O=Example/CN=localhost", days: 28),
                try await subordinate.issue(for: ["localhost"], subject: "/O=Example/CN=localhost", days: 28),
            ], directives: "ssl_protocols TLSv1.3;")
        let network = try later()
        let days: [String: Settings.Value] = ["warn_days": .integer(10)]
        let direct = try await probe(network, nginx.securePorts[0], authority, days)
        #expect(direct.verdict == "pass", "\(direct)")
        #expect(direct.phases.map(\.phase) == [.resolve, .connect, .tls])
        #expect(direct.facts[.tlsProtocol] == .text("TLSv1.3"))
        #expect(direct.facts[.tlsCipher] != nil)
        #expect(direct.facts[.certificateSubject] == .text("CN=localhost,O=Example"))
        #expect(direct.facts[.certificateIssuer] == .text("CN=Test Authority,O=Vitals Tests"))
        #expect(direct.facts[.certificateNames] == .list(["localhost"]))
        #expect(direct.facts[.certificateKey] == .text("EC P-256"))
        #expect(direct.facts[.certificateChainLength] == .number(2))
        #expect(direct.facts[.certificateDaysLeft] == .number(27))
        #expect(direct.facts[.certificateChainDaysLeft] == .number(27))

        let through = try await probe(network, nginx.securePorts[1], authority, days)
        #expect(through.verdict == "pass", "\(through)")
        #expect(through.facts[.certificateIssuer] == .text("CN=Test Subordinate,O=Vitals Tests"))
        #expect(through.facts[.certificateChainLength] == .number(3))
        #expect(through.facts[.certificateDaysLeft] == .number(27))
        #expect(through.facts[.certificateChainDaysLeft] == .number(14))
    }

    @Test("warns and fails by the days that are left of whatever ends first")
    func daysLeft() async throws {
        let authority = try await TestAuthority()
        let subordinate = try await authority.subordinate(days: 4)
        let nginx = try await Nginx([
            try await authority.issue(for: ["localhost"], days: 10),
            try await authority.issue(for: ["localhost"], days: 4),
            try await subordinate.issue(for: ["localhost"], days: 28),
        ])
        let network = try later()
        let warned = try await probe(network, nginx.securePorts[0], authority)
        #expect(warned.verdict == "vital in tls")
        #expect(warned.fault?.message == "the certificate ends in 9 days, and warn_days is 21")
        let failed = try await probe(network, nginx.securePorts[1], authority)
        #expect(failed.verdict == "tls_cert_expired in tls")
        #expect(failed.fault?.message == "the certificate ends in 3 days, and fail_days is 7")
        let chain = try await probe(network, nginx.securePorts[2], authority)
        #expect(
            chain.fault?.message
                == "the certificate CN=Test Subordinate,O=Vitals Tests of the chain ends in 3 days, "
                + "and fail_days is 7")
        let patient: [String: Settings.Value] = ["warn_days": .integer(3), "fail_days": .integer(0)]
        for port in nginx.securePorts {
            #expect(try await probe(network, port, authority, patient).verdict == "pass")
        }
    }

    @Test("refuses what is expired, for another or not trusted, as far as it is to look")
    func refused() async throws {
        let authority = try await TestAuthority()
        let past = (from: "20200101000000Z", to: "20200201000000Z")
        let ended = try await authority.subordinate(validity: past)
        let nginx = try await Nginx([
            try await authority.issue(for: ["localhost"], validity: past),
            try await authority.issue(for: ["db9.example.com"], days: 28),
            try await TestAuthority().issue(for: ["localhost"], days: 28),
            try await ended.issue(for: ["localhost"], days: 28),
        ])
        let network = try TestNetwork()
        let causes: [Cause] = [
            .tlsCertExpired, .tlsCertNameMismatch, .tlsCertUntrusted, .tlsCertExpired,
        ]
        for (port, cause) in zip(nginx.securePorts, causes) {
            #expect(try await probe(network, port, authority).fault?.cause == cause)
        }
        let chain = try await probe(network, nginx.securePorts[3], authority)
        #expect(
            chain.fault?.message.hasPrefix("the certificate CN=Test Subordinate,O=Vitals Tests of the chain")
                == true)

        let named = try await probe(
            network, nginx.securePorts[1], authority, ["server_name": .text("DB9.example.com")])
        #expect(named.verdict == "pass", "\(named)")
        let noName = try await probe(network, nginx.securePorts[1], authority, ["verify": .text("ca")])
        #expect(noName.verdict == "pass")
        // Its days count even where nobody vouches for it.
        let unverified: [String: Settings.Value] = ["verify": .text("none")]
        let stranger = try await probe(network, nginx.securePorts[2], nil, unverified)
        #expect(stranger.verdict == "pass", "\(stranger)")
        #expect(stranger.facts[.certificateChainLength] == .number(1))
        let expired = try await probe(network, nginx.securePorts[0], nil, unverified)
        #expect(expired.verdict == "tls_cert_expired in tls")
        #expect(expired.fault?.message.contains("days ago, and fail_days is 7") == true)
        let endedChain = try await probe(network, nginx.securePorts[3], nil, unverified)
        #expect(endedChain.verdict == "tls_cert_expired in tls", "\(endedChain)")
        #expect(endedChain.facts[.certificateChainLength] == .number(2))
    }

    @Test("asks for TLS in SMTP, IMAP, POP3 and PostgreSQL, and says goodbye")
    func upgrade() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["localhost"], days: 28)
        let smtp = try await SMTPServer(identity)
        let dovecot = try await Dovecot(identity)
        let network = try TestNetwork()
        let phases: [Phase] = [.resolve, .connect, .greeting, .request, .tls]
        for (name, port) in [("smtp", smtp.port), ("imap", dovecot.imap), ("pop3", dovecot.pop3)] {
            let result = try await probe(network, port, authority, ["starttls": .text(TargetText(name))])
            #expect(result.verdict == "pass", "\(name): \(result)")
            #expect(result.phases.map(\.phase) == phases)
            #expect(result.facts[.certificateChainLength] == .number(2))
        }
        try await eventually(that: "the request by SMTP") { smtp.server.output.contains("b'STARTTLS'") }
        try await eventually(that: "the goodbyes by IMAP and POP3") {
            dovecot.server.output.split(separator: "\n").count {
                $0.contains("Aborted login by logging out") && $0.contains("TLS")
            } == 2
        }

        let postgres = try await PostgresServer(
            settings: ["ssl": "on", "ssl_cert_file": "server.crt", "ssl_key_file": "server.key"])
        try await postgres.use(identity)
        try await postgres.start()
        let result = try await probe(
            network, postgres.port, authority, ["starttls": .text("postgres")])
        #expect(result.verdict == "pass", "\(result)")
        #expect(result.phases.map(\.phase) == [.resolve, .connect, .request, .tls])
    }

    @Test("says so where a server has no TLS to begin")
    func withoutTLS() async throws {
        let smtp = try await SMTPServer(nil)
        let dovecot = try await Dovecot(nil)
        let postgres = try await PostgresServer()
        try await postgres.start()
        let network = try TestNetwork()
        let ports = [
            ("smtp", smtp.port), ("imap", dovecot.imap), ("pop3", dovecot.pop3), ("postgres", postgres.port),
        ]
        for (name, port) in ports {
            let result = try await probe(network, port, nil, ["starttls": .text(TargetText(name))])
            #expect(result.fault?.cause == .tlsUnsupported, "\(name): \(result)")
            #expect(result.fault?.phase == .request)
        }
        let plain = try await probe(network, smtp.port, nil)
        #expect(plain.verdict == "protocol_mismatch in tls")
    }

    @Test("is known by two schemes, of which one is for mail")
    func schemes() async throws {
        let identity = try await TestAuthority().issue(for: ["localhost"], days: 28)
        let smtp = try await SMTPServer(identity)
        let network = try TestNetwork()
        let form = TLSProbe.form(on: network.loops)
        let mail = await network.run(try form.make("starttls://localhost:\(smtp.port)"))
        #expect(mail.verdict == "tls_cert_untrusted in tls")
        let direct = await network.run(try form.make("tls://localhost:\(smtp.port)"))
        #expect(direct.verdict == "protocol_mismatch in tls")
        #expect(throws: TargetError.self) { try form.make("tls://localhost") }
    }

    @Test("is another one whenever anything differs that it talks to, and the same however that is judged")
    func identity() throws {
        let network = try TestNetwork()
        let others: [(String, Settings.Value)] = [
            ("address", .text("b:1")), ("starttls", .text("imap")), ("verify", .text("ca")),
            ("ca", .text("/x")), ("server_name", .text("c")),
        ]
        var identities: Set<String> = []
        let same: [(String, Settings.Value)] = [
            ("address", .text("a:1")), ("warn_days", .integer(9)), ("fail_days", .integer(1)),
        ]
        for (name, value) in same + others {
            var settings = Settings(["address": .text("a:1")])
            settings.set(name, value)
            identities.insert(try TLSProbe(settings, loops: network.loops).identity)
        }
        #expect(identities.count == others.count + 1)
    }

    @Test("is refused where it could never warn")
    func days() throws {
        let network = try TestNetwork()
        let settings = Settings(["address": .text("a:1"), "fail_days": .integer(30)])
        #expect(throws: TargetError.self) { try TLSProbe(settings, loops: network.loops) }
    }
}

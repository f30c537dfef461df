import Glibc
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

/// MySQL 8's own login, `caching_sha2_password`. No such server can be had from Debian: its place is taken by
/// a peer of ours, which the client library of MariaDB, written by others, has to accept first.
@Suite("The login of MySQL 8", .serialized)
struct MySQL8Tests {
    private static let password = "correct hørse"

    /// Logs in by the client of MariaDB.
    private func client(_ peer: MySQL8Peer, password: String, _ more: [String] = []) async throws -> String {
        let directory = try TemporaryDirectory("vitals-mysql8")
        return try await run(
            [
                "mariadb", "--no-defaults", "--protocol=tcp", "-h", "127.0.0.1", "-P", "\(peer.port)", "-u",
                MySQL8Session.user, "-p\(password)", "-N", "-B", "--plugin-dir=\(Self.plugins)", "-e",
                "SELECT 1",
            ] + more, in: directory)
    }

    /// Where Debian has the plugins of that library.
    private static let plugins =
        ["x86_64", "aarch64"].map { machine in "/usr/lib/\(machine)-linux-gnu/libmariadb3/plugin" }
        .first { (folder: String) in access(folder, X_OK) == 0 } ?? "/usr/lib/mysql/plugin"

    private func probe(
        _ peer: MySQL8Peer, _ password: String, _ query: String = ""
    ) async throws -> ProbeResult {
        try await MySQLHarness.probe(
            "mysql://\(MySQL8Session.user):\(PercentEncoding.encode(password))@127.0.0.1:\(peer.port)/d"
                + query
        )
    }

    @Test("is one that another client takes: by RSA, from memory, and refused")
    func otherClientInTheClear() async throws {
        let peer = try await MySQL8Peer(password: Self.password)
        // Otherwise it takes the wish for TLS for TLS, and sends the password as it is.
        let plain = ["--skip-ssl"]
        for _ in 0..<2 { #expect(try await client(peer, password: Self.password, plain) == "1\n") }
        await #expect(throws: ProgramFailed.self) { try await client(peer, password: "wrong", plain) }
        peer.forget()
        await #expect(throws: ProgramFailed.self) { try await client(peer, password: "wrong", plain) }
        #expect(peer.logins == [.fullByRSA, .fast, .refusedFast, .refused])
        try await eventually(that: "both have said goodbye") { peer.quits == 2 }
    }

    @Test("is one that another client takes over TLS")
    func otherClientOverTLS() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["127.0.0.1", "localhost"])
        let peer = try await MySQL8Peer(password: Self.password, identity: identity)
        let tls = ["--ssl", "--ssl-ca=\(authority.certificate)"]
        for _ in 0..<2 { #expect(try await client(peer, password: Self.password, tls) == "1\n") }
        #expect(peer.logins == [.fullOverTLS, .fast])
    }

    @Test("is spoken in the clear: by RSA, then from memory")
    func inTheClear() async throws {
        let peer = try await MySQL8Peer(password: Self.password)
        for _ in 0..<2 {
            let result = try await probe(peer, Self.password, "?ssl-mode=disable")
            #expect(result.verdict == "pass", "\(result)")
            #expect(result.facts[.serverFlavour] == .text("MySQL"))
            #expect(result.facts[.serverVersion] == .text("8.4.2"))
            #expect(
                result.facts[.systemIdentifier] == .text("6f0d5b1e-0000-11ef-9a3c-0242ac120002"))
        }
        #expect(peer.logins == [.fullByRSA, .fast])
        try await eventually(that: "both have said goodbye") { peer.quits == 2 }
    }

    @Test("is spoken over TLS: with the whole password, then from memory")
    func overTLS() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["127.0.0.1"])
        let peer = try await MySQL8Peer(password: Self.password, identity: identity)
        for mode in ["require", "verify-full&ssl-ca=\(authority.certificate)"] {
            let result = try await probe(peer, Self.password, "?ssl-mode=\(mode)")
            #expect(result.verdict == "pass", "\(result)")
            #expect(result.facts[.tlsProtocol] == .text("TLSv1.3"))
        }
        #expect(peer.logins == [.fullOverTLS, .fast])
    }

    @Test("tells a wrong password by each way")
    func wrong() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["127.0.0.1"])
        let peer = try await MySQL8Peer(password: Self.password, identity: identity)
        for mode in ["disable", "require"] {
            let result = try await probe(peer, "wrong", "?ssl-mode=\(mode)")
            #expect(result.verdict == "auth_failed in authenticate (1045)")
            #expect(!"\(result)".contains("wrong"))
        }
        #expect(try await probe(peer, Self.password, "?ssl-mode=require").verdict == "pass")
        #expect(try await probe(peer, "wrong").verdict == "auth_failed in authenticate (1045)")
        #expect(peer.logins == [.refused, .refused, .fullOverTLS, .refusedFast])
    }

    @Test("is spoken where the server proposes another, or to a long password", arguments: [1, 32, 64, 200])
    func lengths(length: Int) async throws {
        let password = String(repeating: "x", count: length)
        let peer = try await MySQL8Peer(password: password)
        #expect(try await probe(peer, password).verdict == "pass")
        #expect(peer.logins == [.fullByRSA])
    }

    @Test("ends where the password is longer than the key can seal")
    func tooLong() async throws {
        let password = String(repeating: "x", count: 300)
        let peer = try await MySQL8Peer(password: password)
        let result = try await probe(peer, password)
        #expect(result.verdict == "auth_failed in authenticate")
        #expect(result.fault?.message.contains("ssl-mode=require") == true)
    }
}

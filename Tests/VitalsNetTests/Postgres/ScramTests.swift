import Testing
import VitalsCore

@testable import VitalsNet

@Suite("A SCRAM login")
struct ScramTests {
    private static let nonce = "rOprNGfwEbeRWgbNEkqO"
    private static let serverNonce = nonce + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    private static let challenge = "r=\(serverNonce),s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    /// As RFC 7677, section 3, but for the user, whom PostgreSQL takes from the startup message; computed by
    /// another implementation.
    private static let proof = "qvT2SWdEH5Q06albL+hjSYuUhCG7VndFyzIb7CK4n9k="
    private static let signature = "v=3HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg="

    private func script(after challenge: String = ScramTests.challenge) throws -> PostgresScript {
        var script = try PostgresScript("postgres://u:pencil@127.0.0.1/d", nonce: Self.nonce)
        script.receive(ServerBytes.sasl("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"))
        script.receive(ServerBytes.authentication(11, Array(challenge.utf8)))
        return script
    }

    @Test("proves that it knows the password, and has the server prove it too")
    func exchange() throws {
        var script = try script()
        let first =
            ServerBytes.text("SCRAM-SHA-256") + ServerBytes.integer(28) + Array("n,,n=,r=\(Self.nonce)".utf8)
        let last = Array("c=biws,r=\(Self.serverNonce),p=\(Self.proof)".utf8)
        #expect(
            script.sent.suffix(ServerBytes.message("p", first).count + last.count + 5)
                == (ServerBytes.message("p", first) + ServerBytes.message("p", last))[...])
        script.receive(ServerBytes.authentication(12, Array(Self.signature.utf8)))
        script.receive(ServerBytes.start + ServerBytes.identity)
        script.receive(ServerBytes.one)
        #expect(script.cause == "pass")
    }

    private static let hash = Array(UInt8(0)..<32)

    /// - Parameter hash: of the server's certificate.
    private func first(
        _ mechanisms: [String], _ parameter: String = "", hash: [UInt8]? = ScramTests.hash
    ) throws -> PostgresScript {
        var script = try PostgresScript(
            "postgres://u:pencil@db.example.com/d?sslmode=require\(parameter)", nonce: Self.nonce)
        script.receive([UInt8(ascii: "S")])
        script.secure(endPointHash: hash)
        script.receive(ServerBytes.sasl(mechanisms))
        return script
    }

    /// The proofs were computed by another implementation.
    @Test(
        "is bound to the certificate where the server offers it, and says so where it does not",
        arguments: [
            (
                ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"], "", "SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,",
                "cD10bHMtc2VydmVyLWVuZC1wb2ludCwsAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                "Q8h71kjaoMzNI7dPksDrhRE/5mTUObF0fUHVIgBOWQg="
            ),
            (
                ["SCRAM-SHA-256-PLUS"], "&channel_binding=require", "SCRAM-SHA-256-PLUS",
                "p=tls-server-end-point,,",
                "cD10bHMtc2VydmVyLWVuZC1wb2ludCwsAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                "Q8h71kjaoMzNI7dPksDrhRE/5mTUObF0fUHVIgBOWQg="
            ),
            (
                ["SCRAM-SHA-256"], "", "SCRAM-SHA-256", "y,,", "eSws",
                "VpuC5DGQa5ro9tXE9MnKs69NH1nxnuregZZcclqIGfM="
            ),
            (
                ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"], "&channel_binding=disable", "SCRAM-SHA-256", "n,,",
                "biws", ScramTests.proof
            ),
        ])
    func binding(
        _ mechanisms: [String], _ parameter: String, _ mechanism: String, _ header: String, _ bound: String,
        _ proof: String
    ) throws {
        var script = try first(mechanisms, parameter)
        script.receive(ServerBytes.authentication(11, Array(Self.challenge.utf8)))
        let first = Array("\(header)n=,r=\(Self.nonce)".utf8)
        let initial = ServerBytes.message(
            "p", ServerBytes.text(mechanism) + ServerBytes.integer(first.count) + first)
        let last = ServerBytes.message(
            "p", Array("c=\(bound),r=\(Self.serverNonce),p=\(proof)".utf8))
        #expect(Array(script.sent.suffix(initial.count + last.count)) == initial + last)
    }

    @Test("is not bound to a certificate whose digest is not defined")
    func noHash() throws {
        let script = try first(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"], hash: nil)
        #expect(String(decoding: script.sent, as: UTF8.self).hasSuffix("n,,n=,r=\(Self.nonce)"))
    }

    @Test("that has to be bound is refused, with nothing sent, where it cannot be")
    func unbound() throws {
        let required = "&channel_binding=require"
        var scripts = [
            try first(["SCRAM-SHA-256"], required),
            try first(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"], required, hash: nil),
        ]
        for weaker in [
            ServerBytes.ok, ServerBytes.authentication(3), ServerBytes.authentication(5, [1, 2, 3, 4]),
        ] {
            var script = try PostgresScript("postgres://u:pencil@db.example.com/d?sslmode=require\(required)")
            script.receive([UInt8(ascii: "S")])
            script.secure(endPointHash: Self.hash)
            script.receive(weaker)
            scripts.append(script)
        }
        for script in scripts {
            #expect(script.cause == "auth_failed")
            #expect(script.message.contains("channel_binding=require"))
            #expect(!String(decoding: script.sent, as: UTF8.self).contains("pencil"))
            #expect(!String(decoding: script.sent, as: UTF8.self).contains("SCRAM"))
        }
    }

    @Test(
        "is refused when the server's last word is not its proof",
        arguments: [
            ("v=4HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg=", "protocol_mismatch"),
            ("v=", "protocol_mismatch"),
            ("v=AAAA", "protocol_mismatch"), ("x", "protocol_mismatch"), ("e=invalid-proof", "auth_failed"),
        ])
    func impostor(word: String, cause: String) throws {
        var script = try script()
        script.receive(ServerBytes.authentication(12, Array(word.utf8)))
        #expect(script.cause == cause)
    }

    @Test("is refused when the server lets it in without any proof")
    func noProof() throws {
        var script = try script()
        script.receive(ServerBytes.start)
        #expect(script.cause == "protocol_mismatch")
        #expect(script.message.contains("without proving"))
    }

    @Test("is refused when the server changes its mind to a weaker one")
    func downgrade() throws {
        for weaker in [ServerBytes.authentication(3), ServerBytes.authentication(5, [1, 2, 3, 4])] {
            var script = try script()
            let sent = script.sent
            script.receive(weaker)
            #expect(script.cause == "protocol_mismatch")
            #expect(script.sent == sent)
        }
    }

    @Test(
        "is refused when the challenge is none",
        arguments: [
            "", "r=", "r=\(ScramTests.nonce),s=AAAA,i=1", "r=other,s=AAAA,i=1",
            "r=\(ScramTests.serverNonce),s=,i=1", "r=\(ScramTests.serverNonce),s=!,i=1",
            "r=\(ScramTests.serverNonce),s=AAAA,i=0", "r=\(ScramTests.serverNonce),s=AAAA,i=-1",
            "r=\(ScramTests.serverNonce),s=AAAA,i=200001",
            "r=\(ScramTests.serverNonce),s=AAAA,i=99999999999999999999",
            "m=x,r=\(ScramTests.serverNonce),s=AAAA,i=1",
        ])
    func badChallenge(text: String) throws {
        #expect(try script(after: text).cause == "protocol_mismatch")
    }

    @Test("names the number of iterations that is too high")
    func iterations() throws {
        let script = try script(after: "r=\(Self.serverNonce),s=AAAA,i=200001")
        #expect(script.message.contains("200001"))
    }

    @Test("derives the same keys only once, and keeps no more than it may")
    func cache() throws {
        let cache = ScramKeyCache(capacity: 10)
        let password = Secret("pencil")
        let challenge = { (salt: UInt8) in ScramChallenge(salt: [salt], iterations: 1, nonce: "") }
        #expect(cache.keys(for: password, challenge(0)) == nil)
        let keys = try #require(cache.derivedKeys(for: password, challenge(0)))
        for other: UInt8 in 1...100 {
            _ = cache.derivedKeys(for: password, challenge(other))
            // What is asked for again stays.
            #expect(cache.keys(for: password, challenge(0)) == keys)
            #expect(cache.count <= 10)
        }
        #expect(cache.keys(for: password, challenge(1)) == nil)
        #expect(cache.keys(for: Secret("other"), challenge(0)) == nil)
    }

    @Test(
        "prepares the password as libpq does",
        arguments: [
            ("pencil", "pencil"), ("e\u{301}", "é"), ("½", "1⁄2"), ("ﬁ", "fi"), ("a\u{A0}b", "a b"),
            ("a\u{AD}é", "aé"), ("Ａ", "A"),
            // Forbidden: taken as it is.
            ("ﬁ\u{200E}", "ﬁ\u{200E}"), ("ﬁ😀", "ﬁ😀"), ("\u{AD}", "\u{AD}"), ("ﬁ\u{7}", "ﬁ\u{7}"),
        ])
    func prepared(password: String, expected: String) {
        #expect(SASLprep.prepared(password) == Array(expected.utf8))
    }
}

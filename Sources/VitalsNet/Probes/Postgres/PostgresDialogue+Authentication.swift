import Crypto
import NIOCore
import VitalsCore

extension PostgresDialogue {
    mutating func authenticate(_ request: PostgresAuthentication) -> [ProbeStep] {
        guard login.channelBinding != .require || isBound(request) else { return [failUnbound()] }
        switch (request, stage) {
        case (.ok, .loggingIn), (.ok, .provingPassword(.verified)):
            stage = .starting
            decoder.stage = .session
            return [.enter(.session)]
        case (.ok, _):
            let missing = "the server let us in without proving that it knows the password"
            return [fail(.protocolMismatch, missing)]
        case (.cleartext, .loggingIn): return sendPassword()
        case (.md5(let salt), .loggingIn): return sendDigest(salt)
        case (.sasl(let mechanisms), .loggingIn): return beginScram(mechanisms)
        case (.saslContinue(let bytes), .provingPassword(.sentFirst)): return answerChallenge(bytes)
        case (.saslFinal(let bytes), .provingPassword(.sentFinal)): return verifyServer(bytes)
        case (.unsupported(let code), .loggingIn):
            return [fail(.authFailed, Self.unsupportedMessage(code))]
        default:
            return [fail(.protocolMismatch, "the server broke the PostgreSQL protocol during the login")]
        }
    }

    mutating func computed(_ value: any Sendable) -> [ProbeStep] {
        guard case .provingPassword(.deriving(let challenge)) = stage else { return [] }
        guard let keys = value as? ScramKeys? ?? nil else {
            return [fail(.internal, "the keys of the login could not be derived")]
        }
        return prove(challenge, with: keys)
    }

    /// As it is, so only where nobody can read along.
    private mutating func sendPassword() -> [ProbeStep] {
        guard login.isEncrypted || login.isLocal else {
            return [
                fail(
                    .tlsUnsupported,
                    "the server wants the password in clear text, and the connection is not encrypted: "
                        + "write sslmode=require, or have the server use scram-sha-256")
            ]
        }
        guard let password = login.password else { return [failWithoutPassword()] }
        return [.send(PostgresFrontend.password(password.revealed))]
    }

    private mutating func sendDigest(_ salt: [UInt8]) -> [ProbeStep] {
        guard let password = login.password else { return [failWithoutPassword()] }
        let inner = Self.hexadecimal(Insecure.MD5.hash(data: Array((password.revealed + login.user).utf8)))
        let outer = Self.hexadecimal(Insecure.MD5.hash(data: Array(inner.utf8) + salt))
        return [.send(PostgresFrontend.password("md5" + outer))]
    }

    private mutating func beginScram(_ mechanisms: [String]) -> [ProbeStep] {
        let choice = ScramBinding.choice(login.channelBinding, hash: endPointHash, offered: mechanisms)
        guard let binding = choice else { return [failUnbound()] }
        guard mechanisms.contains(binding.mechanism) else {
            let offered = mechanisms.prefix(5).joined(separator: ", ")
            return [
                fail(
                    .authFailed,
                    "the server offers only \(offered) for the login; \(binding.mechanism) is needed")
            ]
        }
        guard login.password != nil else { return [failWithoutPassword()] }
        scram = ScramExchange(nonce: nonce, binding: binding)
        stage = .provingPassword(.sentFirst)
        return [.send(PostgresFrontend.saslInitial(mechanism: binding.mechanism, scram.firstMessage))]
    }

    /// Whether a request is one that a login bound to the certificate comes to.
    private func isBound(_ request: PostgresAuthentication) -> Bool {
        switch request {
        case .sasl, .saslContinue, .saslFinal: true
        case .ok: stage == .provingPassword(.verified)
        case .cleartext, .md5, .unsupported: false
        }
    }

    private mutating func failUnbound() -> ProbeStep {
        fail(
            .authFailed,
            "the server offers no login that is bound to its certificate, "
                + "and channel_binding=require asks for one"
        )
    }

    private mutating func answerChallenge(_ bytes: [UInt8]) -> [ProbeStep] {
        guard let password = login.password else { return [failWithoutPassword()] }
        let challenge: ScramChallenge
        do {
            challenge = try scram.challenge(bytes)
        } catch {
            return [fail(error)]
        }
        if let keys = login.keys.keys(for: password, challenge) { return prove(challenge, with: keys) }
        stage = .provingPassword(.deriving(challenge))
        return [
            .compute(
                ProbeWork("SCRAM keys") { [keys = login.keys] in keys.derivedKeys(for: password, challenge) })
        ]
    }

    private mutating func prove(_ challenge: ScramChallenge, with keys: ScramKeys) -> [ProbeStep] {
        stage = .provingPassword(.sentFinal)
        return [.send(PostgresFrontend.saslResponse(scram.finalMessage(for: challenge, with: keys)))]
    }

    private mutating func verifyServer(_ bytes: [UInt8]) -> [ProbeStep] {
        do {
            try scram.verify(bytes)
            stage = .provingPassword(.verified)
            return []
        } catch {
            return [fail(error)]
        }
    }

    private mutating func fail(_ error: ScramError) -> ProbeStep {
        switch error {
        case .malformed: fail(.protocolMismatch, "the server broke the SCRAM protocol during the login")
        case .foreignNonce: fail(.protocolMismatch, "the server answered another login than ours")
        case .tooManyIterations(let count):
            fail(
                .protocolMismatch,
                "the server asks for \(count) SCRAM iterations; the most are \(ScramExchange.mostIterations)"
            )
        case .refused: fail(.authFailed, "the server refused the login")
        case .wrongSignature:
            fail(
                .protocolMismatch,
                "the server could not prove that it knows the password: it may be another one")
        }
    }

    private mutating func failWithoutPassword() -> ProbeStep {
        fail(.authFailed, "the server asks for a password, and the target has none")
    }

    private static func unsupportedMessage(_ code: UInt32) -> String {
        let method =
            switch code {
            case 2: "Kerberos 5"
            case 7, 8: "GSSAPI (Kerberos)"
            case 9: "SSPI"
            default: "a method with the number \(code)"
            }
        return "the server asks for a login by \(method), which is not supported: "
            + "let pg_hba.conf use scram-sha-256 for this user"
    }

    private static func hexadecimal(_ digest: Insecure.MD5Digest) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

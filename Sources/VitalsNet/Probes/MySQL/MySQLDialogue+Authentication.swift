import NIOCore
import VitalsCore

/// How far the proof of a password is.
struct MySQLProof: Equatable {
    var plugin = MySQLPlugin.native
    var challenge: [UInt8] = []
    /// How often the server has wanted another one.
    var changes = 0
    /// Whether it has been given the password itself.
    var isWhole = false

    /// A server that tries all the ways that an account may have does not need more.
    static let mostChanges = 4
}

extension MySQLDialogue {
    mutating func logIn() -> [ProbeStep] {
        guard let greeting else { return [] }
        stage = .provingPassword
        // Where the server proposes what is not spoken here, the account may still want what is.
        proof.plugin = MySQLPlugin(rawValue: greeting.plugin) ?? .native
        proof.challenge = greeting.challenge
        let packet = MySQLFrontend.login(
            login, greeting.capabilities.agreed(to: login), plugin: proof.plugin, proof: digest,
            number: decoder.takeNumber())
        return [.enter(.authenticate), .send(packet)]
    }

    mutating func authenticate(_ packet: ByteBuffer) -> [ProbeStep] {
        switch (MySQLLoginReply(packet), stage) {
        case (.ok, .provingPassword): return begin()
        case (.error(let error), .provingPassword), (.error(let error), .awaitingKey):
            return MySQLCause.isAboutDatabase(error) ? [.enter(.session), fail(error)] : [fail(error)]
        case (.change(let plugin, let challenge), .provingPassword): return change(plugin, challenge)
        case (.more(let bytes), .provingPassword): return goOn(bytes)
        case (.more(let key), .awaitingKey): return seal(key)
        default: return [failMalformed("what it said during the login")]
        }
    }

    mutating func computed(_ value: any Sendable) -> [ProbeStep] {
        guard stage == .sealing else { return [] }
        guard let sealed = value as? [UInt8]? ?? nil else {
            return [
                fail(
                    .authFailed,
                    "the server's public key cannot be used for the password: it is no RSA key of 2048 bits "
                        + "or more, or too short for it; ssl-mode=require goes without")
            ]
        }
        stage = .provingPassword
        return [.send(MySQLFrontend.more(sealed, number: decoder.takeNumber()))]
    }

    mutating func fail(_ error: MySQLServerError) -> ProbeStep {
        let cause = MySQLCause.of(error, at: .login)
        let message = error.message.isEmpty ? "the server gave no reason" : error.message
        return fail(cause, code: String(error.number), message + hint(for: error))
    }

    private var digest: [UInt8] {
        proof.plugin.proof(of: login.password?.revealed ?? "", for: proof.challenge)
    }

    private mutating func change(_ name: String, _ challenge: [UInt8]) -> [ProbeStep] {
        guard let plugin = MySQLPlugin(rawValue: name) else { return [failUnsupported(name)] }
        let length = MySQLGreeting.challengeLength
        guard proof.changes < MySQLProof.mostChanges, !proof.isWhole, challenge.count >= length else {
            return [failMalformed("its wish for another login")]
        }
        proof.changes += 1
        proof.plugin = plugin
        proof.challenge = Array(challenge.prefix(length))
        return [.send(MySQLFrontend.more(digest, number: decoder.takeNumber()))]
    }

    /// What `caching_sha2_password` says: 3, the server remembers the password and it fits; 4, it does not
    /// remember, and wants it whole.
    private mutating func goOn(_ bytes: [UInt8]) -> [ProbeStep] {
        guard proof.plugin == .cachingSHA2, !proof.isWhole else {
            return [failMalformed("what it said during the login")]
        }
        switch bytes {
        case [3]:
            proof.isWhole = true
            return []
        case [4]:
            proof.isWhole = true
            // As it is, only where nobody can read along.
            guard login.isOnNetwork, !login.isEncrypted else {
                let password = Array((login.password?.revealed ?? "").utf8) + [0]
                return [.send(MySQLFrontend.more(password, number: decoder.takeNumber()))]
            }
            stage = .awaitingKey
            return [.send(MySQLFrontend.more([2], number: decoder.takeNumber()))]
        default: return [failMalformed("what it said during the login")]
        }
    }

    private mutating func seal(_ key: [UInt8]) -> [ProbeStep] {
        stage = .sealing
        let (password, challenge) = (login.password?.revealed ?? "", proof.challenge)
        return [
            .compute(
                ProbeWork("RSA") { MySQLPlugin.sealed(password, for: challenge, key: key) as [UInt8]? })
        ]
    }

    private mutating func failUnsupported(_ plugin: String) -> ProbeStep {
        let method = Self.methods[plugin] ?? "the plugin \(plugin)"
        return fail(
            .authFailed,
            "the account logs in by \(method), which is not supported: let it use "
                + "\(MySQLPlugin.cachingSHA2.rawValue) or \(MySQLPlugin.native.rawValue)")
    }

    /// Those that are met, with what they are.
    private static let methods = [
        MySQLLoginReply.oldPlugin: "mysql_old_password (of before MySQL 4.1)",
        "client_ed25519": "client_ed25519 (ed25519)",
        "parsec": "parsec",
        "auth_gssapi_client": "auth_gssapi_client (GSSAPI, Kerberos)",
        "authentication_kerberos_client": "authentication_kerberos_client (Kerberos)",
        "authentication_windows_client": "authentication_windows_client (SSPI)",
        "authentication_ldap_sasl_client": "authentication_ldap_sasl_client (LDAP)",
        "dialog": "dialog (PAM)",
        "mysql_clear_password": "mysql_clear_password (a password in clear text)",
        "sha256_password": "sha256_password (given up by MySQL itself)",
    ]

    /// What would mend it, where the server's own words do not say.
    private func hint(for error: MySQLServerError) -> String {
        let couldBeEncrypted = login.isOnNetwork && !login.isEncrypted
        switch error.number {
        case 1045 where couldBeEncrypted && greeting?.capabilities.contains(.tls) == true:
            return " (or the account is to be used over TLS only: then ssl-mode=require is what is missing)"
        case 1835 where couldBeEncrypted, 3159 where couldBeEncrypted: return " (write ssl-mode=require)"
        default: return ""
        }
    }
}

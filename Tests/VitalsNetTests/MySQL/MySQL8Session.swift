import Crypto
import CryptoExtras
import Foundation

/// One session of a MySQL 8 server, as far as the login by `caching_sha2_password` goes, written from the
/// public description of the protocol: bytes in, bytes out, no I/O.
///
/// It stands for a server that Debian does not have. It knows one account, and answers the statements that
/// clients ask at the start.
struct MySQL8Session {
    enum Action: Equatable {
        case send([UInt8])
        case startTLS
        case close
    }

    /// Which way a login took, for tests to see.
    enum Login: String, Equatable {
        case fast, fullOverTLS, fullByRSA, refused, refusedFast
    }

    static let user = "monitor"

    let password: String
    let offersTLS: Bool
    let key: _RSA.Encryption.PrivateKey
    /// Whether the server remembers the password already.
    let isRemembered: Bool
    private(set) var login: Login?
    /// Whether it was taken leave of in order.
    private(set) var hasQuit = false

    private enum Stage {
        case greeted, switching, awaitingWhole, awaitingSealed, asked
    }

    private var stage = Stage.greeted
    private var isEncrypted = false
    private var challenge = MySQLBytes.challenge
    private var input: [UInt8] = []

    /// - Parameter key: the server's own, PEM.
    init(password: String, offersTLS: Bool, key: String, isRemembered: Bool) throws {
        self.password = password
        self.offersTLS = offersTLS
        self.key = try _RSA.Encryption.PrivateKey(pemRepresentation: key)
        self.isRemembered = isRemembered
    }

    func opened() -> [Action] {
        [.send(MySQLBytes.greeting("8.4.2", capabilities: offersTLS ? 0x000A_AA0D : 0x000A_A20D))]
    }

    /// TLS begins.
    ///
    /// - Returns: what has come of it already.
    mutating func secured() -> [UInt8] {
        isEncrypted = true
        defer { input = [] }
        return input
    }

    mutating func received(_ bytes: [UInt8]) -> [Action] {
        input += bytes
        var actions: [Action] = []
        while input.count >= 4, actions.last != .startTLS {
            let length = Int(input[0]) | Int(input[1]) << 8 | Int(input[2]) << 16
            guard input.count >= 4 + length else { break }
            let (number, payload) = (input[3], Array(input[4..<4 + length]))
            input.removeFirst(4 + length)
            actions += handle(payload, number)
        }
        return actions
    }

    private mutating func handle(_ payload: [UInt8], _ number: UInt8) -> [Action] {
        switch stage {
        case .greeted:
            // The first 32 bytes alone are the wish for TLS.
            return payload.count == 32 ? [.startTLS] : logIn(payload, number + 1)
        case .switching: return verify(payload, number + 1)
        case .awaitingWhole: return verifyWhole(payload, number + 1)
        case .awaitingSealed: return verifySealed(payload, number + 1)
        case .asked: return answer(payload)
        }
    }

    private mutating func logIn(_ payload: [UInt8], _ number: UInt8) -> [Action] {
        let capabilities = payload[0..<4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        var rest = payload.dropFirst(32)
        let user = Self.takeText(&rest)
        let length = Int(rest.popFirst() ?? 0)
        let proof = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        if capabilities & 0x8 != 0 { _ = Self.takeText(&rest) }
        guard user == Self.user else { return refuse(number) }
        guard Self.takeText(&rest) == "caching_sha2_password" else {
            stage = .switching
            challenge = Array("0123456789abcdefghij".utf8)
            return [.send(MySQLBytes.change(number, "caching_sha2_password", challenge: challenge))]
        }
        return verify(proof, number)
    }

    private mutating func verify(_ proof: [UInt8], _ number: UInt8) -> [Action] {
        guard isRemembered else {
            stage = .awaitingWhole
            return [.send(MySQLBytes.more(number, [4]))]
        }
        let once = Array(SHA256.hash(data: Array(password.utf8)))
        let twice = Array(SHA256.hash(data: once))
        let expected = zip(once, Array(SHA256.hash(data: twice + challenge))).map { $0 ^ $1 }
        guard proof == expected else { return refuse(number, .refusedFast) }
        login = .fast
        stage = .asked
        return [.send(MySQLBytes.more(number, [3]) + MySQLBytes.ok(number + 1))]
    }

    private mutating func verifyWhole(_ payload: [UInt8], _ number: UInt8) -> [Action] {
        guard isEncrypted else {
            guard payload == [2] else { return refuse(number) }
            stage = .awaitingSealed
            return [.send(MySQLBytes.more(number, Array(key.publicKey.pemRepresentation.utf8)))]
        }
        return letIn(payload == Array(password.utf8) + [0], .fullOverTLS, number)
    }

    private mutating func verifySealed(_ payload: [UInt8], _ number: UInt8) -> [Action] {
        let opened = (try? key.decrypt(Data(payload), padding: .PKCS1_OAEP)).map(Array.init) ?? []
        let text = opened.indices.map { opened[$0] ^ challenge[$0 % challenge.count] }
        return letIn(text == Array(password.utf8) + [0], .fullByRSA, number)
    }

    private mutating func letIn(_ isRight: Bool, _ way: Login, _ number: UInt8) -> [Action] {
        guard isRight else { return refuse(number) }
        login = way
        stage = .asked
        return [.send(MySQLBytes.ok(number))]
    }

    private mutating func refuse(_ number: UInt8, _ how: Login = .refused) -> [Action] {
        login = how
        let message = "Access denied for user '\(Self.user)'@'localhost' (using password: YES)"
        return [.send(MySQLBytes.error(number, 1045, message, state: "28000")), .close]
    }

    private mutating func answer(_ payload: [UInt8]) -> [Action] {
        let text = String(decoding: payload.dropFirst(), as: UTF8.self)
        switch payload.first {
        case 1:
            hasQuit = true
            return [.close]
        case 3 where text.uppercased() == "SELECT 1": return [.send(MySQLBytes.one)]
        case 3 where text.hasPrefix("SELECT @@version_comment AS comment"):
            return [.send(MySQLBytes.identity())]
        default: return [.send(MySQLBytes.ok(1))]
        }
    }

    private static func takeText(_ bytes: inout ArraySlice<UInt8>) -> String {
        let text = bytes.prefix { $0 != 0 }
        bytes = bytes.dropFirst(text.count + 1)
        return String(decoding: text, as: UTF8.self)
    }
}

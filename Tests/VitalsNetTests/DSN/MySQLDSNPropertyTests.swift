import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("Any MySQL target")
struct MySQLDSNPropertyTests {
    /// Letters no message is written in, and every reserved character.
    private static let alphabet = Array("QXZJKVW0123456789:/?#[]@!$&'()*+,;=%\\^`{|}\"<> é😀")

    private static func text(_ length: ClosedRange<Int>, using chance: inout SeededGenerator) -> String {
        String(
            (0..<Int.random(in: length, using: &chance)).map { _ in
                alphabet.randomElement(using: &chance) ?? "Q"
            })
    }

    private static func host(using chance: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<4, using: &chance) {
        case 0: "10.1.2.\(Int.random(in: 0...255, using: &chance))"
        case 1: "[2001:db8::\(Int.random(in: 1...9, using: &chance))]"
        case 2: "localhost"
        default: "db-\(Int.random(in: 1...9, using: &chance)).example.com"
        }
    }

    @Test("reads back what was encoded, whatever the characters", arguments: 0..<10)
    func roundTrip(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let (user, password) = (Self.text(1...20, using: &chance), Self.text(0...40, using: &chance))
            let (host, database) = (Self.host(using: &chance), Self.text(0...20, using: &chance))
            let port = Int.random(in: 1...65_535, using: &chance)
            let encode = { PercentEncoding.encode($0) }
            let target = try MySQLDSNParser.parse(
                "mysql://\(encode(user)):\(encode(password))@\(host):\(port)/\(encode(database))")
            #expect(target.user == user)
            #expect((target.password?.revealed ?? "") == password)
            #expect((target.database ?? "") == database)
            #expect(target.endpoint.description == "\(host):\(port)")
            let shown = try MySQLDSNParser.parse(target.redacted)
            #expect(shown.password == nil)
            #expect((shown.user, shown.database) == (target.user, target.database))
            #expect(shown.endpoint == target.endpoint)
            #expect(shown.tls == target.tls)
        }
    }

    @Test("in the Go driver's form takes a password as it is", arguments: 0..<10)
    func goForm(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let (password, host) = (Self.text(1...40, using: &chance), Self.host(using: &chance))
            for scheme in ["", "mysql://"] {
                let target = try MySQLDSNParser.parse("\(scheme)u:\(password)@tcp(\(host):3307)/orders")
                #expect(target.password?.revealed == password)
                #expect(target.endpoint.description == "\(host):3307")
                #expect(target.database == "orders")
            }
        }
    }

    @Test("never shows a piece of its password, encoded or not", arguments: 0..<10)
    func noLeak(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<30 {
            let password = Self.text(4...30, using: &chance)
            let host = Self.host(using: &chance)
            let encoded = PercentEncoding.encode(password)
            let forms = [
                "mysql://u:\(password)@\(host)/d", "mysql://u:\(password)@\(host):3306/d?ssl-mode=require",
                "mysql://u:\(encoded)@\(host)/d?ssl-mod=require", "mysql://u:\(password)@/d",
                "mysql://\(host)/d?user=u&password=\(password)@", "mysql://u:\(encoded)@\(host)/d",
                "mysql://u:\(password)@\(host)?x=%zz", "u:\(password)@tcp(\(host))/d",
                "u:\(password)@tcp(\(host):x)/d", "mysql://u:\(password)@tcp(\(host))/d?x=y",
                "u:\(password)@/d", "u:\(password)@\(host)/d",
            ]
            for text in forms { Self.expectNoPiece(of: password, from: text, otherThan: host) }
        }
    }

    private static func expectNoPiece(of password: String, from text: String, otherThan host: String) {
        var shown: [String] = []
        do throws(MySQLDSNError) {
            let target = try MySQLDSNParser.parse(text)
            shown = [target.redacted, "\(target)", String(reflecting: target.password)] + target.warnings
        } catch {
            shown = [error.message, "\(error)"]
        }
        for window in windows(of: password) where !host.contains(window) {
            for output in shown {
                #expect(!output.contains(window), "\(window.debugDescription) in \(output)")
            }
        }
    }

    private static func windows(of password: String) -> [String] {
        let letters = Array(password)
        return (0...letters.count - 4).map { String(letters[$0..<$0 + 4]) }
    }

    @Test("of random bytes is read or refused, never a crash", arguments: 0..<10)
    func garbage(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let scheme = ["mysql://", "", "mysql://u@tcp("].randomElement(using: &chance) ?? ""
            _ = try? MySQLDSNParser.parse(scheme + Self.text(0...60, using: &chance))
        }
    }
}

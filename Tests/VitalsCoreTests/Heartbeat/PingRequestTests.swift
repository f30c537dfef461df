import Testing
import VitalsCore

@Suite("A ping, in the words of others")
struct PingRequestTests {
    private static let rid = "5BF5C1A4-90c9-4f1b-8d61-0b6f3a2f7c11"

    @Test(
        "of healthchecks",
        arguments: [
            (nil, Ping.Kind.success), ("start", .start), ("fail", .failure(status: nil)), ("log", .log),
            ("0", .success), ("1", .failure(status: 1)), ("255", .failure(status: 255)),
            ("007", .failure(status: 7)),
        ])
    func healthchecks(_ action: String?, _ kind: Ping.Kind) throws {
        #expect(try Ping(healthchecks: action, run: nil) == Ping(kind))
        #expect(try Ping(healthchecks: action, run: Self.rid) == Ping(kind, run: Self.rid.lowercased()))
    }

    @Test("that healthchecks would not take", arguments: ["", "started", "START", "-1", "+1", "1 ", "９"])
    func unknown(_ action: String) {
        #expect(throws: Ping.Refusal.unknown) { try Ping(healthchecks: action, run: nil) }
    }

    @Test("whose exit status or run cannot be is refused")
    func invalid() {
        #expect(throws: Ping.Refusal.invalid("invalid exit status")) {
            try Ping(healthchecks: "256", run: nil)
        }
        for run in ["", "x", String(Self.rid.dropLast()), Self.rid + "0"] {
            #expect(throws: Ping.Refusal.invalid("invalid uuid format")) {
                try Ping(healthchecks: "start", run: run)
            }
        }
    }

    @Test("of Gatus")
    func gatus() throws {
        #expect(try Ping(gatusSuccess: "true", duration: nil) == Ping(.success))
        #expect(
            try Ping(gatusSuccess: "false", duration: "1m2.5s")
                == Ping(.failure(status: nil), duration: .milliseconds(62_500)))
        #expect(try Ping(gatusSuccess: "true", duration: "") == Ping(.success))
        #expect(try Ping(gatusSuccess: "true", duration: "73h") == Ping(.success))
        for success in [nil, "", "1", "TRUE"] {
            #expect(throws: Ping.Refusal.self) { try Ping(gatusSuccess: success, duration: nil) }
        }
        for duration in ["10", "x", "-1s", "1e9s"] {
            #expect(throws: Ping.Refusal.self) { try Ping(gatusSuccess: "true", duration: duration) }
        }
    }

    @Test("of Uptime Kuma, which takes everything")
    func kuma() {
        #expect(Ping(kumaStatus: nil, ping: nil) == Ping(.success))
        #expect(Ping(kumaStatus: "up", ping: "12.5") == Ping(.success, duration: .microseconds(12_500)))
        #expect(Ping(kumaStatus: "down", ping: "") == Ping(.failure(status: nil)))
        #expect(Ping(kumaStatus: "UP", ping: nil) == Ping(.failure(status: nil)))
        for ping in ["x", "nan", "inf", "-1", "1e300", "1e11"] {
            #expect(Ping(kumaStatus: "up", ping: ping) == Ping(.success))
        }
    }

    @Test("a UUID of one's own making is one, and always the same")
    func custom() {
        let uuid = UUIDText.custom("0123456789abcdef0123456789abcdef")
        #expect(uuid == "01234567-89ab-8def-a123-456789abcdef")
        #expect(UUIDText.custom("0123") == nil && UUIDText.custom(String(repeating: "x", count: 32)) == nil)
    }

    @Test("a secret matches itself and nothing else")
    func matching() {
        let secret = Secret("s3cret-token")
        #expect(secret.matches("s3cret-token"))
        for other in ["", "s3cret-toke", "s3cret-tokenn", "s3cret-tokens3cret-token", "S3cret-token"] {
            #expect(!secret.matches(other))
        }
        #expect(!Secret("").matches(""))
    }

    @Test("the grace is an hour, but no longer than the period")
    func grace() {
        #expect(HeartbeatSchedule.usualGrace(period: .seconds(86_400)) == .seconds(3_600))
        #expect(HeartbeatSchedule.usualGrace(period: .seconds(60)) == .seconds(60))
        #expect(HeartbeatSchedule.usualGrace(period: .seconds(5)) == .seconds(10))
    }
}

/// A typed identifier: a text that cannot be mistaken for another kind's.
package struct ID<Of>: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package static func < (left: ID, right: ID) -> Bool {
        left.text < right.text
    }

    package var description: String { text }
}

/// What an `ID` is of; never instantiated.
package enum Identified {
    package enum System {}
    package enum Check {}
    package enum HealthCheck {}
    package enum Channel {}
    package enum Episode {}
    package enum Notification {}
}

package typealias SystemID = ID<Identified.System>
package typealias CheckID = ID<Identified.Check>
/// `<system>.<check>`.
package typealias HealthCheckID = ID<Identified.HealthCheck>
package typealias ChannelID = ID<Identified.Channel>
package typealias EpisodeID = ID<Identified.Episode>
package typealias NotificationID = ID<Identified.Notification>

extension ID<Identified.HealthCheck> {
    package init(system: SystemID, check: CheckID) {
        self.init("\(system.text).\(check.text)")
    }
}

extension ID<Identified.Episode> {
    /// The episode that a run opens: the same run always opens the same episode, so a crash repeats the id.
    package init(of healthCheck: HealthCheckID, openedBy run: Timestamp) {
        self.init(DerivedID.text(at: run, of: "episode", healthCheck.text))
    }
}

extension ID<Identified.Notification> {
    /// The one message that tells `channel` of an event of a health check.
    package init(to channel: ChannelID, of subject: String, event: String, at: Timestamp) {
        self.init(DerivedID.text(at: at, of: "notification", channel.text, subject, event))
    }
}

/// Ids that follow from what they name, in the form of a ULID (48 bits of milliseconds, 80 bits, Crockford's
/// base 32): they sort by time, and need no chance.
enum DerivedID {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    static func text(at instant: Timestamp, of parts: String...) -> String {
        let milliseconds = UInt64(max(0, instant.microseconds / 1_000)) & 0xFFFF_FFFF_FFFF
        var seed = StableHash.fnv1a("\(instant.microseconds)")
        for part in parts {
            seed = StableHash.mix(seed ^ StableHash.fnv1a(part))
        }
        let high = (milliseconds << 16) | (seed >> 48)
        let low = StableHash.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
        return base32(high: high, low: low)
    }

    /// 26 digits of five bits, the first of them holding the topmost three.
    private static func base32(high: UInt64, low: UInt64) -> String {
        var digits: [UInt8] = []
        for shift in stride(from: 125, through: 0, by: -5) {
            let value: UInt64 =
                if shift >= 64 {
                    high >> UInt64(shift - 64)
                } else if shift > 59 {
                    (high << UInt64(64 - shift)) | (low >> UInt64(shift))
                } else {
                    low >> UInt64(shift)
                }
            digits.append(alphabet[Int(value & 31)])
        }
        return String(decoding: digits, as: UTF8.self)
    }
}

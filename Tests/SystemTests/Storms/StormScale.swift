import Foundation

/// How much the storms do, and by which chance: little in `make test`, much in `make crash-full`.
enum StormScale {
    /// How many storms there are, and how often the server is killed in each.
    static let storms = number("VITALS_CRASH_STORMS") ?? 1
    static let kills = number("VITALS_CRASH_KILLS") ?? 50
    static let isLarge = storms > 1
    /// For how long it is stopped.
    static let stop: Duration = .seconds(number("VITALS_CRASH_STOP_SECONDS") ?? 12)
    /// What all chance follows from.
    static let seed = number("VITALS_CRASH_SEED").map(UInt64.init) ?? UInt64.random(in: 1...999_999)

    /// Tells how far a long storm is; nothing when there is one.
    static func tell(_ progress: String) {
        guard isLarge else { return }
        FileHandle.standardError.write(Data((progress + "\n").utf8))
    }

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }
}

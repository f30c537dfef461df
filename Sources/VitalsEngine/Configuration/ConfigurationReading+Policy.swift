import VitalsCore

extension ConfigurationReading {
    static let intervals = Duration.milliseconds(100) ... .seconds(168 * 3_600)
    static let timeouts = Duration.milliseconds(10) ... .seconds(600)
    static let confirmations = Duration.milliseconds(100) ... .seconds(3_600)
    static let counts = 1...1_000
    static let policyKeys = ["interval", "timeout", "thresholds", "confirm_every"]

    /// What checks do that say nothing else: from the environment, the file's `defaults` and our own.
    struct Defaults {
        var interval = Duration.seconds(60)
        var timeout = Duration.seconds(5)
        var thresholds = Thresholds()
        /// Nothing: as the interval has it.
        var confirmation: Confirmation?
    }

    /// `confirm_every`, as written.
    enum Confirmation {
        case off
        case every(Duration)
    }

    /// The numbers of `thresholds`, as far as they are written.
    private struct WrittenThresholds {
        var failure: Int?
        var success: Int?
        var warn: Int?
        /// Inner nothing: `none`.
        var degraded: Int??
    }

    mutating func defaults(_ value: Value?) -> Defaults {
        let section = section(value, keys: Self.policyKeys)
        var defaults = Defaults()
        let interval = duration(section?["interval"], in: Self.intervals)
        let timeout = duration(section?["timeout"], in: Self.timeouts)
        if let interval, let timeout, timeout > interval {
            report(section?["timeout"], longerThan: section?["interval"].map(Self.shown) ?? "")
        }
        let thresholds = writtenThresholds(section?["thresholds"])
        defaults.confirmation = confirmation(section?["confirm_every"])

        let ownInterval = duration(variable: "DEFAULT_HEALTH_CHECK_INTERVAL", in: Self.intervals)
        let ownTimeout = duration(variable: "DEFAULT_HEALTH_CHECK_TIMEOUT", in: Self.timeouts)
        if let ownInterval, let ownTimeout, ownTimeout > ownInterval {
            report(
                .environment("DEFAULT_HEALTH_CHECK_TIMEOUT"),
                "\(DurationText.shown(ownTimeout)) is longer than DEFAULT_HEALTH_CHECK_INTERVAL "
                    + "(\(DurationText.shown(ownInterval))); a run must end before the next begins")
        }
        let failure = threshold(variable: "DEFAULT_HEALTH_FAILURE_THRESHOLD")
        let success = threshold(variable: "DEFAULT_HEALTH_SUCCESS_THRESHOLD")

        defaults.interval = ownInterval ?? interval ?? defaults.interval
        defaults.timeout = ownTimeout ?? timeout ?? defaults.timeout
        defaults.thresholds = Thresholds(
            failure: failure ?? thresholds.failure ?? defaults.thresholds.failure,
            success: success ?? thresholds.success ?? defaults.thresholds.success,
            warn: thresholds.warn ?? defaults.thresholds.warn,
            degraded: thresholds.degraded ?? defaults.thresholds.degraded)
        return defaults
    }

    /// When a check runs and how it is judged: what it says itself, and the defaults for the rest.
    mutating func policy(of section: Section, defaults: Defaults) -> Policy {
        let interval = duration(section["interval"], in: Self.intervals)
        let timeout = duration(section["timeout"], in: Self.timeouts)
        let isIntervalKnown = interval != nil || section["interval"] == nil
        if let timeout, isIntervalKnown, timeout > interval ?? defaults.interval {
            let own = section["interval"].map(Self.shown)
            report(section["timeout"], longerThan: own ?? DurationText.shown(defaults.interval))
        }
        let thresholds = writtenThresholds(section["thresholds"])
        let confirmation = confirmation(section["confirm_every"]) ?? defaults.confirmation

        let effectiveInterval = interval ?? defaults.interval
        let confirmEvery: Duration? =
            switch confirmation {
            case .off: nil
            case .every(let duration): duration
            case nil: Policy.defaultConfirmEvery(interval: effectiveInterval)
            }
        return Policy(
            interval: effectiveInterval,
            timeout: timeout ?? min(defaults.timeout, effectiveInterval),
            thresholds: Thresholds(
                failure: thresholds.failure ?? defaults.thresholds.failure,
                success: thresholds.success ?? defaults.thresholds.success,
                warn: thresholds.warn ?? defaults.thresholds.warn,
                degraded: thresholds.degraded ?? defaults.thresholds.degraded),
            confirmEvery: confirmEvery)
    }

    private mutating func report(_ timeout: Value?, longerThan interval: String) {
        guard let timeout else { return }
        report(
            timeout,
            "\(Self.shown(timeout)) is longer than the interval (\(interval)); "
                + "a run must end before the next begins")
    }

    private mutating func writtenThresholds(_ value: Value?) -> WrittenThresholds {
        let section = section(value, keys: ["failure", "success", "warn", "degraded"])
        var written = WrittenThresholds()
        written.failure = integer(section?["failure"], in: Self.counts)
        written.success = integer(section?["success"], in: Self.counts)
        written.warn = integer(section?["warn"], in: Self.counts)
        written.degraded = parsed(section?["degraded"]) { given throws(Complaint) in
            given.text == "none" ? nil : try PlainText.integer(given, in: Self.counts)
        }
        return written
    }

    private mutating func confirmation(_ value: Value?) -> Confirmation? {
        parsed(value) { given throws(Complaint) in
            if given.text == "off" { return .off }
            return .every(try DurationText.parse(given, in: Self.confirmations))
        }
    }

    private mutating func threshold(variable name: String) -> Int? {
        parsed(variable: name) { given throws(Complaint) in try PlainText.integer(given, in: Self.counts) }
    }
}

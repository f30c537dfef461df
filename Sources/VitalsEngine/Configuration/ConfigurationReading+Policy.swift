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
        var thresholds = DefaultThresholds()
        /// Nothing: as the interval has it.
        var confirmation: Confirmation?
    }

    /// `confirm_every`, as written.
    enum Confirmation {
        case off
        case every(Duration)
    }

    mutating func defaults(_ value: Value?) -> Defaults {
        let section = section(value, keys: Self.policyKeys)
        var defaults = Defaults()
        let interval = duration(section?["interval"], in: Self.intervals)
        let timeout = duration(section?["timeout"], in: Self.timeouts)
        if let interval, let timeout, timeout > interval {
            report(section?["timeout"], longerThan: section?["interval"].map(Self.shown) ?? "")
        }
        let thresholds = writtenThresholds(section?["thresholds"], defaults: DefaultThresholds())
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
        defaults.thresholds = thresholds.asDefaults(failure: failure, success: success)
        return defaults
    }

    /// When a check runs and how it is judged: what it says itself, and the defaults for the rest.
    ///
    /// - Parameters:
    ///   - own: thresholds that hold on one system alone.
    ///   - vitals: what is measured besides.
    ///   - role: which part the target is to have.
    mutating func policy(
        of section: Section, overridden own: Value? = nil, defaults: Defaults, vitals: [VitalRule] = [],
        role: ExpectedRole = .any
    ) -> Policy {
        let interval = duration(section["interval"], in: Self.intervals)
        let timeout = duration(section["timeout"], in: Self.timeouts)
        let isIntervalKnown = interval != nil || section["interval"] == nil
        if let timeout, isIntervalKnown, timeout > interval ?? defaults.interval {
            let own = section["interval"].map(Self.shown)
            report(section["timeout"], longerThan: own ?? DurationText.shown(defaults.interval))
        }
        var written = writtenThresholds(section["thresholds"], defaults: defaults.thresholds)
        if let own {
            written = writtenThresholds(own, defaults: written.asDefaults(failure: nil, success: nil))
        }
        let thresholds = written.effective
        let confirmation = confirmation(section["confirm_every"]) ?? defaults.confirmation
        if let value = section["confirm_every"], case .window = thresholds {
            warn(place(of: value), "has no effect: a window has seen enough runs, and none is confirmed")
        }

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
            thresholds: thresholds,
            confirmEvery: confirmEvery,
            vitals: vitals, role: role)
    }

    private mutating func report(_ timeout: Value?, longerThan interval: String) {
        guard let timeout else { return }
        report(
            timeout,
            "\(Self.shown(timeout)) is longer than the interval (\(interval)); "
                + "a run must end before the next begins")
    }

    private mutating func confirmation(_ value: Value?) -> Confirmation? {
        parsed(value) { given throws(Complaint) in
            if given.text == "off" { return .off }
            return .every(try DurationText.parse(given, in: Self.confirmations))
        }
    }

    /// At most so long that a message held back by it still has half a day of attempts.
    mutating func cooldown(_ value: Value?) -> Duration {
        parsed(value) { given throws(Complaint) in
            try DurationText.parse(given, in: .zero ... .seconds(12 * 3_600), allowsBareZero: true)
        } ?? .zero
    }

    private mutating func threshold(variable name: String) -> Int? {
        parsed(variable: name) { given throws(Complaint) in try PlainText.integer(given, in: Self.counts) }
    }
}

import VitalsCore

extension ConfigurationReading {
    mutating func server(_ value: Value?) -> ServerSettings {
        let section = section(value, keys: Self.serverKeys)
        var settings = ServerSettings()
        if let listen = listen(section?["listen"]) {
            settings.host = listen.host
            settings.port = listen.port
        }
        settings.apiToken = parsed(variable: "API_TOKEN", Self.token)
        settings.maxConcurrentHealthChecks = count(variable: "MAX_CONCURRENT_HEALTH_CHECKS")
        if let count = count(variable: "MAX_CONCURRENT_PER_TARGET") {
            settings.maxConcurrentPerTarget = count
        }
        if let cooldown = duration(variable: "HEALTH_MANUAL_RUN_COOLDOWN", in: .zero ... .seconds(86_400)) {
            settings.manualRunCooldown = cooldown
        }
        pace(&settings)
        if let timeout = duration(variable: "SHUTDOWN_TIMEOUT", in: .milliseconds(100) ... .seconds(600)) {
            settings.shutdownTimeout = timeout
        }
        if let timeout = duration(variable: "NOTIFY_TIMEOUT", in: .milliseconds(100) ... .seconds(300)) {
            settings.notifyTimeout = timeout
        }
        edge(section, &settings)
        return settings
    }

    /// Where these two make no sense, the server starts with what is usual, and says so.
    private mutating func pace(_ settings: inout ServerSettings) {
        let interval = usable(variable: "HEALTH_POLL_INTERVAL", usual: "15s") { given throws(Complaint) in
            try DurationText.parse(given, in: .milliseconds(10) ... .seconds(60))
        }
        let size = usable(variable: "HEALTH_DUE_BATCH_SIZE", usual: "50") { given throws(Complaint) in
            try PlainText.integer(given, in: 1...1_000_000)
        }
        settings.pollInterval = interval ?? settings.pollInterval
        settings.dueBatchSize = size ?? settings.dueBatchSize
    }

    mutating func storage(_ value: Value?) -> StorageSettings {
        let keys = ["raw_retention", "hourly_retention", "daily_retention", "max_size"]
        let section = section(value, keys: keys)
        var settings = StorageSettings()
        let raw = retention(section?["raw_retention"])
        let hourly = retention(section?["hourly_retention"])
        let daily = retention(section?["daily_retention"])
        let size = parsed(section?["max_size"]) { given throws(Complaint) in
            try ByteCountText.parse(given, in: 10_000_000...100_000_000_000_000)
        }
        settings.rawRetention = raw ?? settings.rawRetention
        settings.hourlyRetention = hourly ?? max(settings.hourlyRetention, settings.rawRetention * 2)
        settings.dailyRetention = daily ?? max(settings.dailyRetention, settings.hourlyRetention * 2)
        settings.maximumSize = size ?? settings.maximumSize
        if hourly != nil, settings.hourlyRetention <= settings.rawRetention {
            report(section?["hourly_retention"], isNoLongerThan: settings.rawRetention, "raw_retention")
        }
        if daily != nil, settings.dailyRetention <= settings.hourlyRetention {
            report(section?["daily_retention"], isNoLongerThan: settings.hourlyRetention, "hourly_retention")
        }
        return settings
    }

    private mutating func retention(_ value: Value?) -> Duration? {
        parsed(value) { given throws(Complaint) in
            try DurationText.parse(
                given, in: .seconds(3_600) ... .seconds(3_650 * 86_400), allowsDays: true)
        }
    }

    private mutating func report(_ value: Value?, isNoLongerThan finer: Duration, _ key: String) {
        guard let value else { return }
        let hours = finer.microseconds / 3_600_000_000
        let shown = hours.isMultiple(of: 24) ? "\(hours / 24)d" : DurationText.shown(finer)
        report(
            value, "\(Self.shown(value)) must be longer than \(key) (\(shown)), out of which it is made")
    }

    static let deadmanFields = [
        Field("url", .url, isRequired: true, isSecret: true, "what to call"),
        Field(
            "every", .duration(.seconds(5) ... .seconds(86_400)), usual: "60s", "from one call to the next"),
        Field("method", .choice(["GET", "POST", "HEAD", "PUT"]), usual: "GET", "how to call"),
    ]

    /// A URL, or keys and values.
    mutating func deadman(_ value: Value?) -> DeadmanSettings? {
        guard let value else { return nil }
        guard let settings = settings(value, Self.deadmanFields), let url = settings.secret("url") else {
            return nil
        }
        var deadman = DeadmanSettings(url: url)
        deadman.every = settings.duration("every") ?? deadman.every
        deadman.method = settings.text("method") ?? deadman.method
        return deadman
    }

    /// All three are read, so that a mistake in one that does not count is told as well.
    private mutating func listen(_ value: Value?) -> ListenAddress? {
        let parse = { (given: Given) throws(Complaint) in try ListenAddress(given) }
        let inFile = parsed(value, parse)
        let inEnvironment = parsed(variable: "HTTP_ADDR", parse)
        guard let flag = flags.listen else { return inEnvironment ?? inFile }
        do {
            return try parse(Given(flag))
        } catch {
            report(.flag("--listen"), error.message)
            return nil
        }
    }

    /// What can be sent as `Authorization: Bearer ...`. The complaint does not repeat it.
    private static func token(_ given: Given) throws(Complaint) -> Secret {
        guard given.text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Complaint("holds a space, a line break or a letter beyond ASCII; a token has none")
        }
        guard given.text.utf8.count <= 1_024 else {
            throw Complaint("is too long; at most 1024 characters")
        }
        return Secret(given.text)
    }

    private mutating func count(variable name: String) -> Int? {
        parsed(variable: name) { given throws(Complaint) in try PlainText.integer(given, in: 1...1_000_000) }
    }

    mutating func duration(variable name: String, in range: ClosedRange<Duration>) -> Duration? {
        parsed(variable: name) { given throws(Complaint) in
            try DurationText.parse(given, in: range, allowsBareZero: true)
        }
    }
}

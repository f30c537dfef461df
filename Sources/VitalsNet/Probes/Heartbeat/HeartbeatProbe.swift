import NIOCore
import VitalsCore
import VitalsEngine

/// Asks nobody: it is the target that pings, and what has been heard of it that decides, when its runs are
/// recorded.
struct HeartbeatProbe: Probe {
    let kind = ProbeKind.heartbeat
    let endpoint = "heartbeat"
    let address: String
    /// The same for all: another schedule or another address is not another target, and what was heard stays
    /// known.
    let identity = "heartbeat"
    let heartbeat: HeartbeatSettings?
    let warnings: [String]
    private let loops: NetworkLoops

    static let range = Duration.seconds(10)...HeartbeatSchedule.periods.upperBound
    private static let shortestToken = 16

    init(_ settings: Settings, loops: NetworkLoops) throws(TargetError) {
        self.loops = loops
        let schedule = try Self.schedule(settings)
        heartbeat = HeartbeatSettings(
            schedule, uuid: try Self.uuid(settings), token: try Self.token(settings),
            key: try Self.key(settings))
        address =
            switch schedule.rhythm {
            case .every(let period): "every \(period.written), grace \(schedule.grace.written)"
            case .cron(let cron): "\(cron.text) (\(cron.zone.name)), grace \(schedule.grace.written)"
            }
        let length = settings.text("token")?.utf8.count ?? Self.shortestToken
        warnings =
            length < Self.shortestToken
            ? ["`token` is short enough to be guessed; take \(Self.shortestToken) letters or more"] : []
    }

    func start(_ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation {
        loops.current.eventLoop.execute { done(ProbeResult(latency: .zero)) }
        return {}
    }

    private static func schedule(_ settings: Settings) throws(TargetError) -> HeartbeatSchedule {
        let grace = settings.duration("grace")
        guard let cron = settings.text("cron") else {
            if settings.has("timezone") {
                throw TargetError("is of no use without `cron`", field: "timezone")
            }
            let period = settings.duration("period") ?? HeartbeatSchedule.usualPeriod
            return HeartbeatSchedule(
                .every(period), grace: grace ?? HeartbeatSchedule.usualGrace(period: period))
        }
        if settings.has("period") {
            throw TargetError("stands beside `period`; a heartbeat goes by one of the two", field: "cron")
        }
        let zone: TimeZoneRules
        do throws(TimeZoneError) {
            zone = try TimeZoneFolder.system.rules(settings.text("timezone") ?? "UTC")
        } catch {
            throw TargetError(error.message, field: "timezone")
        }
        do throws(CronError) {
            let expression = try CronExpression(cron, in: zone)
            return HeartbeatSchedule(.cron(expression), grace: grace ?? HeartbeatSchedule.usualGrace)
        } catch {
            throw TargetError(error.message, field: "cron")
        }
    }

    private static func uuid(_ settings: Settings) throws(TargetError) -> String? {
        guard let text = settings.text("uuid") else { return nil }
        guard let uuid = UUIDText.canonical(text) else {
            throw TargetError(
                "is no UUID; one looks like 5bf5c1a4-90c9-4f1b-8d61-0b6f3a2f7c11", field: "uuid")
        }
        return uuid
    }

    private static func token(_ settings: Settings) throws(TargetError) -> Secret? {
        guard let text = settings.text("token") else { return nil }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") }) else {
            throw TargetError(
                "holds a space, a slash or a letter beyond ASCII; a token has none", field: "token")
        }
        return Secret(text)
    }

    /// As it stands in a path; Gatus makes it of group and name, with - for what cannot.
    private static func key(_ settings: Settings) throws(TargetError) -> String? {
        guard let text = settings.text("key") else { return nil }
        let isPlain = text.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && !"/?#%".utf8.contains(byte) || byte >= 0x80
        }
        guard isPlain else {
            throw TargetError("holds a space or one of / ? # %; a key has none", field: "key")
        }
        return text.lowercased()
    }

    static func form(on loops: NetworkLoops) -> ProbeForm {
        ProbeForm(kind: .heartbeat, schemes: [], fields: fields, observes: []) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try HeartbeatProbe(settings, loops: loops)
        }
    }

    private static let fields = [
        Field("period", .duration(range), usual: "24h", "from one ping to the next"),
        Field("cron", .text(upTo: 256), "when it is to ping, as in crontab, instead of `period`"),
        Field("timezone", .text(upTo: 64), usual: "UTC", "the place by whose clocks `cron` goes"),
        Field(
            "grace", .duration(range),
            "how late a ping may be, and how long a job may take that said that it began"),
        Field("token", .text(upTo: 256), isSecret: true, "what Gatus and Uptime Kuma know it by"),
        Field("uuid", .text(upTo: 36), isSecret: true, "what healthchecks knows it by"),
        Field("key", .text(upTo: 256), "the name that Gatus gives it"),
    ]
}

extension ProbeKind {
    static let heartbeat = ProbeKind("heartbeat", isDatabase: false)
}

import VitalsCore

/// A ping without its key, as it stands in one blob.
///
///     version 4 bits (1) · the ping · dialect 4 bits · client · agent · body
///
/// A ping: kind 2 bits (start, success, failure, log) · of a failure whether there is a status 1, and it ·
/// whether there is a run 1, and it · whether there is a duration 1, and its µs.
struct PackedPing {
    let bytes: [UInt8]

    private static let version: UInt64 = 1

    init(_ heard: HeardPing) {
        var writer = BitWriter()
        writer.write(Self.version, bits: 4)
        heard.ping.kind.write(to: &writer)
        writer.write(heard.ping.run != nil)
        if let run = heard.ping.run { writer.write(run.cut(toBytes: 255)) }
        writer.write(duration: heard.ping.duration)
        writer.write(heard.dialect.code, bits: 4)
        writer.write(heard.client.cut(toBytes: 64))
        writer.write(heard.agent.cut(toBytes: HeardPing.mostAgent))
        writer.write(heard.body.cut(toBytes: HeardPing.mostBody))
        bytes = writer.bytes
    }

    static func read(
        _ bytes: [UInt8], of healthCheck: HealthCheckID, at: Timestamp
    ) throws(UnreadableBytes) -> HeardPing {
        var reader = BitReader(bytes)
        guard try reader.read(bits: 4) == version else { throw UnreadableBytes() }
        let kind = try Ping.Kind(from: &reader)
        let run = try reader.readFlag() ? reader.readText() : nil
        let duration = try reader.readDuration()
        let dialect = try HeardPing.Dialect(code: reader.read(bits: 4))
        return HeardPing(
            of: healthCheck, at: at, Ping(kind, run: run, duration: duration), dialect: dialect,
            client: try reader.readText(), agent: try reader.readText(), body: try reader.readText())
    }
}

/// What is known of a heartbeat, in one blob.
///
///     version 4 bits (1) · whether anything was heard 1, and when 64
///     how many jobs have begun · of each: at µs 64 · whether it has a run 1, and it
///     whether one has ended 1 · at µs 64 · kind, as of a ping · whether there is a duration 1, and its µs
struct PackedHeartbeat {
    let heartbeat: Heartbeat

    private static let version: UInt64 = 1

    init(_ heartbeat: Heartbeat) {
        self.heartbeat = heartbeat
    }

    var bytes: [UInt8] {
        var writer = BitWriter()
        writer.write(Self.version, bits: 4)
        writer.write(heartbeat.lastHeard != nil)
        if let at = heartbeat.lastHeard { writer.write(instant: at) }
        writer.write(number: UInt64(heartbeat.starts.count))
        for start in heartbeat.starts {
            writer.write(instant: start.at)
            writer.write(start.run != nil)
            if let run = start.run { writer.write(run.cut(toBytes: 255)) }
        }
        writer.write(heartbeat.lastEnd != nil)
        if let end = heartbeat.lastEnd {
            writer.write(instant: end.at)
            end.kind.write(to: &writer)
            writer.write(duration: end.duration)
        }
        return writer.bytes
    }

    init(bytes: [UInt8]) throws(UnreadableBytes) {
        var reader = BitReader(bytes)
        guard try reader.read(bits: 4) == Self.version else { throw UnreadableBytes() }
        let lastHeard = try reader.readFlag() ? reader.readInstant() : nil
        var starts: [Heartbeat.Start] = []
        for _ in 0..<(try reader.readNumber()) {
            let at = try reader.readInstant()
            starts.append(Heartbeat.Start(run: try reader.readFlag() ? reader.readText() : nil, at: at))
        }
        var lastEnd: Heartbeat.End?
        if try reader.readFlag() {
            let at = try reader.readInstant()
            let kind = try Ping.Kind(from: &reader)
            lastEnd = Heartbeat.End(at: at, kind: kind, duration: try reader.readDuration())
        }
        heartbeat = Heartbeat(
            starts: starts, lastEnd: lastEnd, lastHeard: lastHeard, listeningSince: Timestamp(microseconds: 0)
        )
    }
}

extension HeardPing.Dialect: StoredCode {
    static let stored: [HeardPing.Dialect] = [.healthchecks, .gatus, .kuma]
}

extension Ping.Kind {
    fileprivate func write(to writer: inout BitWriter) {
        switch self {
        case .start: writer.write(0, bits: 2)
        case .success: writer.write(1, bits: 2)
        case .failure(let status):
            writer.write(2, bits: 2)
            writer.write(status != nil)
            if let status { writer.write(number: UInt64(max(0, status))) }
        case .log: writer.write(3, bits: 2)
        }
    }

    fileprivate init(from reader: inout BitReader) throws(UnreadableBytes) {
        switch try reader.read(bits: 2) {
        case 0: self = .start
        case 1: self = .success
        case 2: self = .failure(status: try reader.readFlag() ? Int(reader.readNumber()) : nil)
        default: self = .log
        }
    }
}

extension BitWriter {
    fileprivate mutating func write(duration: Duration?) {
        write(duration != nil)
        if let duration { write(number: UInt64(max(0, duration.microseconds))) }
    }
}

extension BitReader {
    fileprivate mutating func readDuration() throws(UnreadableBytes) -> Duration? {
        try readFlag() ? .microseconds(Int64(readNumber())) : nil
    }
}

import VitalsCore
import VitalsEngine

@testable import VitalsStore

extension FuzzTarget {
    /// A byte whose lowest bit says whether length and checksum are put before the rest and whose others say
    /// what is damaged then, and the rest: a record of the spool.
    static let spool = FuzzTarget(name: "spool", feed: SpoolTarget.feed)
}

private enum SpoolTarget {
    private static let healthChecks = [HealthCheckID("a.b"), HealthCheckID("c.d")]

    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard let choice = bytes.first else { return }
        var record = Array(bytes.dropFirst())
        if choice & 1 == 1 {
            let body = record
            record = []
            PackedResult.append(body, to: &record)
        }
        guard let (result, count) = read(record[...]) else { return }
        try promise((1...record.count).contains(count), "takes \(count) of \(record.count) bytes")
        try readsBack(result)
        try isNoticed(damage: Int(choice >> 1), to: Array(record.prefix(count)))
    }

    private static func read(_ bytes: ArraySlice<UInt8>) -> (result: HeldResult, count: Int)? {
        try? PackedResult.read(bytes, healthChecks)
    }

    /// Texts that never were UTF-8 grow when they are read, and are cut: after that nothing changes.
    private static func readsBack(_ result: HeldResult) throws(BrokenPromise) {
        let again = try written(result)
        try promise(try written(again) == again, "\(again) is not read back")
        switch (result, again) {
        case (.run(let before, let ticket, let isEvaluated), .run(let run, let sameTicket, let isSame)):
            try promise(
                run.healthCheck == before.healthCheck && run.at == before.at && run.outcome == before.outcome
                    && run.result.latency == before.result.latency
                    && ticket == sameTicket && isEvaluated == isSame,
                "\(result) became \(again)")
        default:
            try promise(again == result, "\(result) became \(again)")
        }
    }

    private static func written(_ result: HeldResult) throws(BrokenPromise) -> HeldResult {
        let number = healthChecks.firstIndex(of: result.healthCheck) ?? 0
        // It is neither the first nor the last in the file.
        var bytes: [UInt8] = [0xFF]
        PackedResult.append(result, numbered: number, to: &bytes)
        let count = bytes.count - 1
        bytes += [0, 0]
        guard let read = read(bytes.dropFirst()), read.count == count else {
            throw BrokenPromise(description: "\(result) cannot be read")
        }
        return read.result
    }

    private static func isNoticed(damage: Int, to record: [UInt8]) throws(BrokenPromise) {
        let place = damage % record.count
        try promise(
            read(record.prefix(place)) == nil, "the first \(place) bytes are taken for a whole record")
        var damaged = record
        damaged[place] ^= 1 << UInt8(damage % 8)
        try promise(read(damaged[...]) == nil, "bit \(damage % 8) of byte \(place) may be anything")
    }
}

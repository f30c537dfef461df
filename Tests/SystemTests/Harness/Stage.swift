import Foundation
import Synchronization
import Testing

/// What one test sets up: a folder of its own, and everything that has to be ended afterwards, whatever
/// happened.
final class Stage: Sendable {
    let folder: URL
    private let endings = Mutex<[@Sendable () -> Void]>([])
    private let reports = Mutex<[@Sendable () -> String]>([])

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "vitals-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Runs a test on a stage of its own. When it throws, what the servers wrote is shown.
    static func run(_ test: (Stage) async throws -> Void) async throws {
        let stage = try Stage()
        defer { stage.clear() }
        do {
            try await test(stage)
        } catch {
            for report in stage.reports.withLock(\.self) {
                Issue.record(Comment(rawValue: report()))
            }
            throw error
        }
    }

    func atTheEnd(_ work: @escaping @Sendable () -> Void) {
        endings.withLock { $0.append(work) }
    }

    func onFailure(_ report: @escaping @Sendable () -> String) {
        reports.withLock { $0.append(report) }
    }

    func makeFolder() throws -> URL {
        let url = folder.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    func httpTarget(
        _ behaviour: HTTPTarget.Behaviour = .answer(200), isOpen: Bool = true
    ) throws -> HTTPTarget {
        let target = try HTTPTarget(behaviour, isOpen: isOpen)
        atTheEnd { target.close() }
        return target
    }

    func tcpTarget(isOpen: Bool = true) throws -> TCPTarget {
        let target = try TCPTarget(isOpen: isOpen)
        atTheEnd { target.close() }
        return target
    }

    func receiver(_ behaviour: HTTPTarget.Behaviour = .answer(204, body: "")) throws -> WebhookReceiver {
        let receiver = try WebhookReceiver(behaviour)
        atTheEnd { receiver.target.close() }
        return receiver
    }

    private func clear() {
        let endings = endings.withLock { endings in
            defer { endings = [] }
            return endings
        }
        for ending in endings.reversed() { ending() }
        try? FileManager.default.removeItem(at: folder)
    }
}

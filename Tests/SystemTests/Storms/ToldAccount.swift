import VitalsCore

/// What one receiver was told, held against what is promised: of each health check one page at a time, each
/// opened by what is bad and closed by its end, in order; each message signed, with the same words whenever
/// it comes, and again after it was taken only where the server was killed.
struct ToldAccount {
    private(set) var complaints: [String] = []
    /// Notifications in the order in which they first came, by health check.
    private(set) var told: [String: [String]] = [:]
    /// Those that were answered with success.
    private(set) var taken: Set<String> = []
    private let kills: [ClosedRange<Timestamp>]

    /// - Parameter kills: from the signal to the process's end.
    init(_ messages: [WebhookReceiver.Message], kills: [ClosedRange<Timestamp>]) {
        self.kills = kills
        for message in messages where !message.isSigned {
            complaints.append("not signed: \(message.id)")
        }
        taken = Set(messages.filter(\.isTaken).map(\.id))
        for (healthCheck, messages) in Dictionary(grouping: messages, by: { $0.healthCheck ?? "" }) {
            let groups = groups(messages, of: healthCheck)
            // What the server says of itself belongs to no page.
            if !healthCheck.isEmpty { follow(groups, of: healthCheck) }
        }
    }

    /// The messages of each notification, which come one notification after the other.
    private mutating func groups(
        _ messages: [WebhookReceiver.Message], of healthCheck: String
    ) -> [WebhookReceiver.Message] {
        var order: [String] = []
        var first: [WebhookReceiver.Message] = []
        var last: [String: WebhookReceiver.Message] = [:]
        for message in messages {
            if let earlier = last[message.id] {
                if order.last != message.id, !healthCheck.isEmpty {
                    complaints.append("\(healthCheck): \(message.id) came again after a later one")
                }
                if earlier.request.body != message.request.body {
                    complaints.append("\(healthCheck): \(message.id) has other words than before")
                }
                if earlier.isTaken, !wasKilled(from: earlier.arrivedAt, to: message.arrivedAt) {
                    complaints.append("\(healthCheck): \(message.id) came again though it was taken")
                }
            } else {
                order.append(message.id)
                first.append(message)
            }
            last[message.id] = message
        }
        told[healthCheck] = order
        for id in order where !taken.contains(id) {
            complaints.append("\(healthCheck): \(id) was never taken")
        }
        return first
    }

    /// Walks from page to page.
    private mutating func follow(_ messages: [WebhookReceiver.Message], of healthCheck: String) {
        var page: String?
        var closed: Set<String> = []
        var previous: String?
        for message in messages {
            let type = message.type ?? ""
            let episode = message.episode ?? ""
            let isEnd = ["recovered", "ended"].contains(type)
            if let page, page != episode {
                complaints.append("\(healthCheck): \(type) of \(episode) within the page \(page)")
            }
            if page == nil, isEnd || closed.contains(episode) || !["down", "degraded"].contains(type) {
                complaints.append("\(healthCheck): a page opens with \(type) of \(episode)")
            }
            if page != nil, previous == type {
                complaints.append("\(healthCheck): \(type) twice within a page")
            }
            previous = type
            page = isEnd ? nil : episode
            if isEnd { closed.insert(episode) }
        }
        if let page { complaints.append("\(healthCheck): the page \(page) was never closed") }
    }

    /// What came first may have been read a little late.
    private func wasKilled(from: Timestamp, to: Timestamp) -> Bool {
        kills.contains { $0.upperBound >= from - .milliseconds(200) && $0.lowerBound <= to }
    }
}

extension WebhookReceiver.Message {
    fileprivate var isTaken: Bool { answer.map { (200..<300).contains($0) } ?? false }
}

import Synchronization
package import VitalsCore

/// What became of a channel that was tried out.
package enum ChannelTest: Sendable, Equatable {
    case sent(DeliveryOutcome)
    case cooldown(retryAfter: Duration)
    case unknownChannel
    /// It is switched off.
    case disabled
    case stopping
}

/// What became of a request to try a notification once more.
package enum ManualRetry: Sendable, Equatable {
    /// It is due now.
    case due
    case unknownNotification
    case alreadyDelivered
    /// It was withdrawn before it was sent.
    case withdrawn
    /// Its channel is not configured any more, or switched off.
    case channelGone
    /// Its channel was told, or is to be told, something newer of the same.
    case overtaken
    case stopping
    /// The store cannot be written.
    case notRecorded
}

extension Node {
    /// From one test of a channel to the next: whoever holds a key down is to trouble nobody.
    static var testCooldown: Duration { .seconds(10) }

    /// Sends one message to a channel that says that this is a test, once and past the outbox, and waits for
    /// what becomes of it. It is in no list of deliveries.
    package func test(channel id: ChannelID) async -> ChannelTest {
        guard let configured = channels.first(where: { $0.settings.id == id }) else {
            return .unknownChannel
        }
        guard configured.settings.isEnabled else { return .disabled }
        let channel = configured.channel
        guard !isStopping else { return .stopping }
        let now = now()
        if let wait = tests.withLock({ $0.apply(id, at: now) }) { return .cooldown(retryAfter: wait) }
        let notification = Notice(ofItself: Notice.test, to: id, at: now).written(nil, at: now)
        return .sent(
            await channel.send(
                notification.id, body: notification.body, at: now, timeout: settings.notifyTimeout))
    }

    /// Makes a notification due now that failed, was refused or waits for its next attempt, and returns once
    /// that is recorded.
    ///
    /// - Throws: when the store cannot be read.
    package func retry(_ id: NotificationID) async throws -> ManualRetry {
        guard let known = try await read({ try await store.notification(id) }) else {
            return .unknownNotification
        }
        let channel = known.stored.notification.channel
        guard configuration.withLock(\.openChannels).contains(where: { $0.id == channel }) else {
            return .channelGone
        }
        switch known.status {
        case .delivered: return .alreadyDelivered
        case .cancelled: return .withdrawn
        case .pending where !known.stored.isBegun:
            // It is due already; or it is when what is before it has been told.
            return known.isLastWord ? .due : .overtaken
        case .pending, .failed: break
        }
        guard !isStopping else { return .stopping }
        guard recorder.isStoreWell(at: now()) else { return .notRecorded }
        let isGranted = await withCheckedContinuation { continuation in
            waiters.wait(forRetryOf: id, continuation)
            recorder.receive([.retry(known)], isAwaited: true)
        }
        return isGranted.map { $0 ? .due : .overtaken } ?? (isStopping ? .stopping : .notRecorded)
    }
}

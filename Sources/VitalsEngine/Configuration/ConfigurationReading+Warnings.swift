import VitalsCore

extension ConfigurationReading {
    /// What is allowed, and yet hardly what was wanted.
    mutating func warnAbout(channels: Channels, systems: Systems) {
        let enabled = systems.healthChecks.map(\.healthCheck).filter(\.isEnabled)
        let isAnyoneTold = enabled.contains { healthCheck in
            healthCheck.bindings.contains { $0.onDown || $0.onDegraded }
        }
        if enabled.isEmpty {
            warn(whole, "nothing is watched: no system has an enabled check")
        } else if channels.all.isEmpty {
            warn(whole, "nobody would be told: there is no channel; add one under `channels`")
        } else if !isAnyoneTold {
            warn(
                whole,
                "nobody would be told: no enabled check notifies a channel; "
                    + "give one `default: true`, or name it in `notify`")
        }
        for channel in channels.unused() {
            warn(channel.place, "is never used: it is no default, and no `notify` names it")
        }
    }
}

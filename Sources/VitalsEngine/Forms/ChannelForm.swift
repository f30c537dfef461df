package import VitalsCore

/// How channels of one kind are written; the registry holds one for each kind of channel.
package struct ChannelForm: Sendable {
    /// As in the configuration and in JSON: `webhook`, `smtp`.
    package let kind: String
    /// The first is the one that a single value stands for.
    package let fields: [Field]
    /// Makes the channel of what its fields say. The error never holds a secret.
    package let make: @Sendable (ChannelID, Settings) throws(TargetError) -> any Channel

    package init(
        kind: String, fields: [Field],
        make: @escaping @Sendable (ChannelID, Settings) throws(TargetError) -> any Channel
    ) {
        precondition(!fields.isEmpty)
        self.kind = kind
        self.fields = fields
        self.make = make
    }
}

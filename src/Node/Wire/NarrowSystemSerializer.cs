using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Serialization;
using Akka.Serialization;

namespace DistTrain.Node.Wire;

/// <summary>
/// Akka's serializer of system messages, for watching alone: what else they are for (making, restarting, supervising actors from another
/// node) is never done here, and brings exceptions that are made by the name of their type.
/// </summary>
sealed class NarrowSystemSerializer(ExtendedActorSystem system) : Serializer(system)
{
    readonly SystemMessageSerializer _all = new(system);

    public override int Identifier => _all.Identifier;

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj)
    {
        Guard(obj.GetType());
        return _all.ToBinary(obj);
    }

    public override object FromBinary(byte[] bytes, Type type) => _all.FromBinary(bytes, Guard(type));

    static Type Guard(Type? type) => type == typeof(Watch) || type == typeof(Unwatch) || type == typeof(DeathWatchNotification)
        ? type
        : throw new SerializationException($"Akka's system message {type?.Name ?? "without a name"} is refused: not needed here.");
}

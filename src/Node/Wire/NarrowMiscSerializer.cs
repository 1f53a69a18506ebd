using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Remote.Serialization;
using Akka.Serialization;

namespace DistTrain.Node.Wire;

/// <summary>
/// Akka's serializer of this and that, for what a cluster needs of it: finding actors by path, and remoting's own heartbeats. Its exceptions
/// are made by the name of their type, its pools and settings change the node, its pills stop actors: none of that is read.
/// </summary>
sealed class NarrowMiscSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    readonly MiscMessageSerializer _all = new(system);

    public override int Identifier => _all.Identifier;

    public override string Manifest(object o) => Guard(_all.Manifest(o));

    public override byte[] ToBinary(object obj)
    {
        Guard(_all.Manifest(obj));
        return _all.ToBinary(obj);
    }

    public override object FromBinary(byte[] bytes, string manifest) => _all.FromBinary(bytes, Guard(manifest));

    /// <summary>Identify, its answer, a reference to an actor, a heartbeat and its answer.</summary>
    static string Guard(string manifest) => manifest is "ID" or "AID" or "AR" or "RWHB" or "RWHR"
        ? manifest
        : throw new SerializationException($"Akka's message {(manifest.Length <= 8 ? manifest : "of a long name")} is refused: not needed here.");
}

using Akka.Actor;
using Akka.Serialization;

namespace DistTrain.Node.Tests.Wire;

/// <summary>Bytes under a manifest that say they are of the protocol.</summary>
public sealed record Forgery(string Manifest, byte[] Bytes);

/// <summary>Sends forgeries with the number of the protocol's serializer.</summary>
sealed class ForgedSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 9101;

    public override string Manifest(object o) => ((Forgery)o).Manifest;

    public override byte[] ToBinary(object obj) => ((Forgery)obj).Bytes;

    public override object FromBinary(byte[] bytes, string manifest) => new Forgery(manifest, bytes);
}

using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using DistTrain.Protocol;
using DistTrain.Protocol.Wire;

namespace DistTrain.Node.Wire;

/// <summary>Gives Akka the bytes of <see cref="WireCodec"/>: the only way in which our messages leave or enter a process.</summary>
sealed class ProtocolSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Its number on the wire, for good; Akka's own are below 100.</summary>
    public const int Number = 9101;

    public override int Identifier => Number;

    public override string Manifest(object o) => Guarded(() => WireCodec.ManifestOf((IProtocolMessage)o));

    public override byte[] ToBinary(object obj)
    {
        var bytes = Guarded(() => WireCodec.Encode((IProtocolMessage)obj));
        return bytes.Length <= WireCodec.MessageBytesMax
            ? bytes
            : throw new SerializationException(
                $"{obj.GetType().Name} has {bytes.Length} bytes; expected at most {WireCodec.MessageBytesMax}: larger ones are fetched.");
    }

    public override object FromBinary(byte[] bytes, string manifest) => bytes.Length <= WireCodec.MessageBytesMax
        ? Guarded(() => WireCodec.Decode(manifest, bytes))
        : throw new SerializationException($"A message of {bytes.Length} bytes; expected at most {WireCodec.MessageBytesMax}.");

    /// <summary>Akka drops a message with this exception, and says so; any other would be taken for a fault of the connection.</summary>
    static T Guarded<T>(Func<T> translate)
    {
        try
        {
            return translate();
        }
        catch (WireException refused)
        {
            throw new SerializationException(refused.Message, refused);
        }
    }
}

using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace DistTrain.Node.Wire;

/// <summary>
/// Stands in the place of a serializer that would make any type whose name a sender writes: whatever arrives for it is refused unread, and
/// the name is not looked up.
/// </summary>
/// <param name="number">Of the serializer that it replaces.</param>
/// <param name="what">What that was for, in messages.</param>
sealed class RefusingSerializer(ExtendedActorSystem system, int number, string what) : SerializerWithStringManifest(system)
{
    /// <summary>As Akka makes it where its settings name it, which they do in place of JSON.</summary>
    public RefusingSerializer(ExtendedActorSystem system, Config settings) : this(system, WireHosting.JsonNumber, WireHosting.Json)
    {
    }

    public override int Identifier => number;

    public override string Manifest(object o) => throw NotSent(o);

    public override byte[] ToBinary(object obj) => throw NotSent(obj);

    public override object FromBinary(byte[] bytes, string manifest) =>
        throw new SerializationException($"{bytes.Length} bytes were not read: {what} is refused.");

    SerializationException NotSent(object message) => new($"{message.GetType()} is not sent: {what} is refused.");
}

using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace DistTrain.Node.Wire;

/// <summary>
/// Stands in the place of a serializer that would make any type whose name a sender writes: whatever arrives for it is refused unread.
/// </summary>
/// <param name="number">Of the serializer that it replaces.</param>
/// <param name="what">What that was for, in messages.</param>
sealed class RefusingSerializer(ExtendedActorSystem system, int number, string what) : Serializer(system)
{
    public override int Identifier => number;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => throw new SerializationException($"{obj.GetType()} is not sent: {what} is refused.");

    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException($"{bytes.Length} bytes were not read: {what} is refused.");
}

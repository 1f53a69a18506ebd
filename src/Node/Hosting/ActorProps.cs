using Akka.Actor;

namespace DistTrain.Node.Hosting;

/// <summary>How actors are made.</summary>
public static class ActorProps
{
    /// <summary>Of actors that a function makes. Akka's own way takes an expression instead, and compiles it while the program starts.</summary>
    public static Props Of<TActor>(Func<TActor> make) where TActor : ActorBase => Props.CreateBy(new Maker<TActor>(make));

    sealed class Maker<TActor>(Func<TActor> make) : IIndirectActorProducer where TActor : ActorBase
    {
        public Type ActorType => typeof(TActor);

        public ActorBase Produce() => make();

        public void Release(ActorBase actor)
        {
        }
    }
}

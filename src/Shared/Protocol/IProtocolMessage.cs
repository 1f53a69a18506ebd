namespace DistTrain.Protocol;

/// <summary>
/// What coordinator and workers say to each other: values only. Arrays inside belong to the message once it is sent and are never
/// written again, so that in one process they can be passed by reference.
/// </summary>
public interface IProtocolMessage;

/// <summary>Coordinator to worker.</summary>
public interface IWorkerOrder : IProtocolMessage
{
    RunId Run { get; }

    Term Term { get; }
}

/// <summary>Worker to coordinator, about an evaluation: all that is needed to recognise a late or foreign answer.</summary>
public interface IEvaluationAnswer : IProtocolMessage
{
    RunId Run { get; }

    Term Term { get; }

    EvaluationId Evaluation { get; }

    WorkerId Worker { get; }
}

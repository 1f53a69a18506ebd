namespace DistTrain.Protocol;

/// <summary>
/// The version of the conversation and of what is asked in it, such as the rows of a batch; nodes of different versions do not train
/// together.
/// </summary>
public static class ProtocolVersion
{
    public const int Current = 3;
}

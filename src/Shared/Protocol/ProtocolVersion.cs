namespace DistTrain.Protocol;

/// <summary>The version of the conversation; nodes of different versions do not train together.</summary>
public static class ProtocolVersion
{
    public const int Current = 2;
}

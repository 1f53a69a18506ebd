namespace DistTrain.Node.CommandLine;

/// <summary>The user stopped the program by a signal.</summary>
/// <param name="message">How far it came.</param>
/// <param name="consequence">What that means for what it leaves behind.</param>
sealed class StoppedException(string message, string consequence) : OperationCanceledException(message)
{
    public string Consequence => consequence;
}

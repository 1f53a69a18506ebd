namespace DistTrain.Cli;

/// <summary>The user stopped the program by a signal.</summary>
/// <param name="message">One line that says how far it came.</param>
sealed class StoppedException(string message) : OperationCanceledException(message);

Console.WriteLine("disttrain");
